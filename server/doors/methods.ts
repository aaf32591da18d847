import type { Hono } from "hono";
import { doors } from "../../shared/wire/doors.ts";
import { problem } from "./problem.ts";

/** What can be asked for besides the doors. */
const files = ["/l/:code", "/openapi.json", "/tag.js", "/poll.js"];

/** The methods of every address that is known, by its path. */
const methods = (): ReadonlyMap<string, readonly string[]> => {
  const all = new Map<string, readonly string[]>();
  const known = [...Object.values(doors), ...files.map((path) => ({ path, method: "GET" as const }))];
  for (const { path, method } of known)
    all.set(path, [...(all.get(path) ?? []), ...(method === "GET" ? ["GET", "HEAD"] : [method])]);
  return all;
};

/**
 * Say what can be done at an address where something else was asked for (RFC 9110, section 15.5.6). Open this after all
 * doors: it answers whatever none of them did.
 */
export const openOtherMethods = (app: Hono): void => {
  for (const [path, its] of methods()) {
    const allow = its.join(", ");
    app.all(path, (c) => {
      if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
      const refused = problem({ code: "wrong-method", because: `Here one can ask by ${its.join(" or ")} only.` });
      refused.headers.set("allow", allow);
      return refused;
    });
  }
};
