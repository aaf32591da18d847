import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import type { World } from "../world.ts";
import { handOver, type Packed, packed } from "./packed.ts";
import { publicHeaders } from "./visitor.ts";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
};

const extensionOf = (file: string): string => file.slice(file.lastIndexOf(".") + 1);

/** Files are read once and held: there are few, they are small, and a new build is a new start. */
const shelf = (folder: string) => {
  const held = new Map<string, Promise<Packed | undefined>>();
  return (file: string): Promise<Packed | undefined> => {
    const known =
      held.get(file) ??
      readFile(join(folder, file))
        .then(packed)
        .catch(() => undefined);
    held.set(file, known);
    return known;
  };
};

const notBuilt = (): Response =>
  new Response("Not built yet: run npm run build.\n", { status: 404, headers: { "content-type": "text/plain" } });

/** Open the doors to what other sites load from us: the tag and the poll. */
export const openWidget = (app: Hono, world: World): void => {
  const read = shelf(join(world.dist, "widget"));
  for (const file of ["tag.js", "poll.js"])
    app.get(`/${file}`, async (c) => {
      const it = await read(file);
      if (!it) return notBuilt();
      const headers = {
        ...publicHeaders,
        "content-type": types.js ?? "",
        "cache-control": "public, max-age=300, stale-while-revalidate=86400",
      };
      return handOver(c.req.raw, it, headers);
    });
  app.get("/.well-known/gpc.json", () =>
    Response.json({ gpc: true, lastUpdate: "2026-11-22" }, { headers: publicHeaders }),
  );
};

/**
 * Whether an address may be one of the app's own pages. None is among the doors or ends like a file: whoever asks for a
 * file or a door that is not there is told so, and not shown a page in its place.
 */
const isPage = (path: string): boolean => !/^\/+(v1|api|l|\.well-known)(\/|$)/i.test(path) && !/\.[^/]*\/?$/.test(path);

/**
 * Open the doors to the web app: one page for every address of its own, and the files it loads. They come last: they answer
 * every address nobody else does.
 */
export const openConsole = (app: Hono, world: World): void => {
  const read = shelf(join(world.dist, "console"));
  for (const file of ["app.js", "app.css", "verify.js", "verify.css"])
    app.get(`/${file}`, async (c) => {
      const it = await read(file);
      if (!it) return notBuilt();
      // The page names the version it wants; what carries one never changes.
      const lasting = c.req.query("v") ? "public, max-age=31536000, immutable" : "no-cache";
      const headers = { "content-type": types[extensionOf(file)] ?? "", "cache-control": lasting };
      return handOver(c.req.raw, it, headers);
    });
  const show = async (file: string, request: Request): Promise<Response> => {
    const page = await read(file);
    if (!page) return notBuilt();
    return handOver(request, page, { "content-type": types.html ?? "", "cache-control": "no-cache" });
  };
  // Whoever was handed a contract checks it here, with no account.
  app.get("/verify", (c) => show("verify.html", c.req.raw));
  app.get("*", (c) => (isPage(c.req.path) ? show("index.html", c.req.raw) : c.notFound()));
};
