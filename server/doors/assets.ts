import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import type { World } from "../world.ts";
import { publicHeaders } from "./visitor.ts";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
};

const extensionOf = (file: string): string => file.slice(file.lastIndexOf(".") + 1);

/** Files are read once and held: there are few, they are small, and a new build is a new start. */
const shelf = (folder: string) => {
  const held = new Map<string, Promise<Buffer | undefined>>();
  return (file: string): Promise<Buffer | undefined> => {
    const known = held.get(file) ?? readFile(join(folder, file)).catch(() => undefined);
    held.set(file, known);
    return known;
  };
};

const notBuilt = (): Response =>
  new Response("Not built yet: run npm run build.\n", { status: 404, headers: { "content-type": "text/plain" } });

/** What other sites load from us: the tag and the poll. */
const openWidget = (app: Hono, world: World): void => {
  const read = shelf(join(world.dist, "widget"));
  for (const file of ["tag.js", "poll.js"])
    app.get(`/${file}`, async () => {
      const bytes = await read(file);
      if (!bytes) return notBuilt();
      const headers = {
        ...publicHeaders,
        "content-type": types.js ?? "",
        "cache-control": "public, max-age=300, stale-while-revalidate=86400",
      };
      return new Response(new Uint8Array(bytes), { headers });
    });
  app.get("/.well-known/gpc.json", () =>
    Response.json({ gpc: true, lastUpdate: "2026-11-22" }, { headers: publicHeaders }),
  );
};

/** The web app: one page for every address of its own, and the files it loads. */
const openConsole = (app: Hono, world: World): void => {
  const read = shelf(join(world.dist, "console"));
  for (const file of ["app.js", "app.css", "verify.js", "verify.css"])
    app.get(`/${file}`, async (c) => {
      const bytes = await read(file);
      if (!bytes) return notBuilt();
      // The page names the version it wants; what carries one never changes.
      const lasting = c.req.query("v") ? "public, max-age=31536000, immutable" : "no-cache";
      const headers = { "content-type": types[extensionOf(file)] ?? "", "cache-control": lasting };
      return new Response(new Uint8Array(bytes), { headers });
    });
  const show = async (file: string): Promise<Response> => {
    const page = await read(file);
    if (!page) return notBuilt();
    return new Response(new Uint8Array(page), {
      headers: { "content-type": types.html ?? "", "cache-control": "no-cache" },
    });
  };
  // Whoever was handed a contract checks it here, with no account.
  app.get("/verify", () => show("verify.html"));
  app.get("*", (c) => {
    if (c.req.path.startsWith("/v1/") || c.req.path.startsWith("/api/")) return c.notFound();
    return show("index.html");
  });
};

/** Open the doors behind which files lie. The console's come last: it answers every address nobody else does. */
export const openAssets = (app: Hono, world: World): void => {
  openWidget(app, world);
  openConsole(app, world);
};
