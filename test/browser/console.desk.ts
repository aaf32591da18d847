import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext, ConsoleMessage, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { buildConsole } from "../../server/console/build.ts";
import { openDesk, type Who } from "../console/desk.ts";
import { campaignPage } from "../console/world.ts";
import { launch } from "./chromium.ts";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const types: Readonly<Record<string, string>> = {
  js: "text/javascript",
  css: "text/css",
  html: "text/html; charset=utf-8",
};

/** The console as a server would serve it, in front of a desk, with the live stream in the test's hand. */
const serve = async (folder: string, who: Who, filled = true) => {
  const desk = openDesk(who, filled);
  const streams = new Set<ServerResponse>();
  const resumed: string[] = [];
  const line = { refusals: 0 };
  const server = createServer(async (request, response) => {
    const url = request.url ?? "/";
    const { pathname, searchParams } = new URL(url, "http://desk");
    if (pathname === "/v1/live" && line.refusals > 0) {
      line.refusals -= 1;
      response.writeHead(503).end();
      return;
    }
    if (pathname === "/v1/live") {
      resumed.push(request.headers["last-event-id"]?.toString() ?? `from ${searchParams.get("from")}`);
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(`retry: 50\nid: ${campaignPage.position}\ndata: {"kind":"hello"}\n\n`);
      streams.add(response);
      request.on("close", () => streams.delete(response));
      return;
    }
    if (pathname.startsWith("/v1/")) {
      let body = "";
      for await (const chunk of request) body += chunk;
      const reply = desk.answer(request.method ?? "GET", url, body, request.headers["idempotency-key"]?.toString());
      response.writeHead(reply.status, { "content-type": reply.type }).end(reply.text);
      return;
    }
    const name = /^\/app\.(js|css)$/.test(pathname) ? pathname.slice(1) : "index.html";
    response.writeHead(200, {
      "content-type": types[name.split(".").at(-1) ?? ""] ?? "",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
    });
    response.end(await readFile(folder + name));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const say = (id: string, message: object): void => {
    for (const stream of streams) stream.write(`id: ${id}\ndata: ${JSON.stringify(message)}\n\n`);
  };
  const drop = (): void => {
    for (const stream of streams) stream.destroy();
  };
  const close = (): Promise<unknown> =>
    new Promise((closed) => {
      server.closeAllConnections();
      server.close(closed);
    });
  return {
    ...desk,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    say,
    drop,
    resumed,
    line,
    close,
  };
};

/** A console and its desk, served. */
export type Served = Awaited<ReturnType<typeof serve>>;

/** Faults of the page itself: scripts that threw, and whatever its security policy had to stop. */
const watch = (page: Page): string[] => {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message: ConsoleMessage) => {
    // A refusal's status is logged by the browser itself; it is part of the story, not a fault.
    if (message.type() === "error" && !message.text().includes("Failed to load resource")) faults.push(message.text());
  });
  return faults;
};

/** What must become so, however busy the machine is. */
export const soon = <Value>(read: () => Value | Promise<Value>): ReturnType<typeof expect.poll<Value>> =>
  expect.poll(read, { timeout: 15_000 });

/** What carries a test id. */
export const by = (page: Page, testid: string) => page.locator(`[data-testid="${testid}"]`);

/** How a story is told: by somebody, to a desk that is filled or empty; the page's clock stands at `at` where that is given. */
interface Telling {
  readonly filled?: boolean;
  readonly at?: number;
}

/** The console built anew and a browser, for the stories of one file; each has a page and a desk, and no page may fail. */
export const stories = () => {
  let browser: BrowserContext;
  let folder = "";
  beforeAll(async () => {
    folder = (await buildConsole()).folder;
    browser = await launch();
  });
  afterAll(() => browser?.close());
  const tell = async (
    who: Who,
    story: (page: Page, desk: Served) => Promise<void>,
    { filled = true, at }: Telling = {},
  ): Promise<void> => {
    const desk = await serve(folder, who, filled);
    const page = await browser.newPage();
    const faults = watch(page);
    if (at !== undefined) await page.clock.setFixedTime(at);
    try {
      await story(page, desk);
      expect(faults).toEqual([]);
    } finally {
      await page.close();
      await desk.close();
    }
  };
  return { tell, anotherPage: () => browser.newPage() };
};
