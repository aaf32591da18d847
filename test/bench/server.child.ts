import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { grabLink } from "../../server/decisions/links.ts";
import { openClock } from "../../server/demo/clock.ts";
import { setUpDemo } from "../../server/demo/demo.ts";
import { mintClick } from "../../server/doors/click.ts";
import { start } from "../../server/main.ts";
import { ready } from "./served.ts";

/** The controls do the least a server can: answer, after reading the body where there is one. */
const bare = (port: (port: number) => void): void => {
  const server = createServer((request, response) => {
    if (request.method === "GET")
      return void response.writeHead(302, { location: "http://localhost:9/?mg=x", "content-length": "0" }).end();
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      JSON.parse(text);
      response.writeHead(204).end();
    });
  });
  server.listen(0, "127.0.0.1", () => port((server.address() as { port: number }).port));
};

const hono = (port: (port: number) => void): void => {
  const app = new Hono();
  app.get("/l/:code", (c) => c.redirect("http://localhost:9/?mg=x"));
  app.post("/v1/beacon", async (c) => {
    JSON.parse(await c.req.text());
    return c.body(null, 204);
  });
  serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (info) => port(info.port));
};

const CLICKS = 100_000;
const CLICKS_A_MS = 10;

const makegood = async (): Promise<{ port: number; key: string; code: string; clicks: readonly string[] }> => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const clock = openClock();
  const running = await start({ folder, port: 0, loopback: true, now: clock.now });
  const demo = await setUpDemo(running.world, clock, "localhost:9");
  const { contract } = demo.influencers[0];
  await running.world.record.decide(
    demo.brand.brand,
    grabLink({ contract, destination: "http://localhost:9/", code: "benchlink" }, "bench"),
  );
  const minted = (n: number): string => {
    const { world } = running;
    return mintClick(
      world.key,
      demo.brand.brand,
      "benchlink",
      world.now() - Math.floor((CLICKS - n) / CLICKS_A_MS),
      randomBytes(10),
    ).id;
  };
  return {
    port: Number(new URL(running.origin).port),
    key: demo.brand.publishableKey,
    code: "benchlink",
    clicks: Array.from({ length: CLICKS }, (_, n) => minted(n)),
  };
};

const kind = process.argv[2];
if (kind === "bare") bare((port) => ready({ port, key: "pk_00000000000000000000", code: "benchlink" }));
else if (kind === "hono") hono((port) => ready({ port, key: "pk_00000000000000000000", code: "benchlink" }));
else ready(await makegood());
