import * as v from "valibot";
import { endpoint } from "./endpoint.ts";

/** Is the server up, and does its store answer? */
export const health = endpoint({
  method: "GET",
  path: "/v1/health",
  audience: ["anyone"],
  says: "Whether the server and its store answer.",
  query: v.undefined(),
  body: v.undefined(),
  reply: v.object({ ok: v.boolean(), version: v.string() }),
});
