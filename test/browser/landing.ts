import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buildWidget } from "../../widget/build.ts";

/** What reached the server: the door, and the body as it was sent. */
export interface Heard {
  readonly door: string;
  readonly type: string | undefined;
  readonly body: Record<string, unknown>;
}

/** A reply of the page or answers door: a status, and JSON or any other text. */
export interface Reply {
  /** Keep the asker waiting for ever. */
  readonly hang?: boolean;
  readonly status?: number;
  readonly text?: string;
  readonly json?: unknown;
}

type Answering = (request: IncomingMessage, response: ServerResponse) => unknown;

const listen = async (answer: Answering) => {
  const server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<unknown>((closed) => {
        server.closeAllConnections();
        server.close(closed);
      }),
  };
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

/** A server that serves the built widget and writes down what it is told. Its replies can be changed at any time. */
export const openHouse = async () => {
  const { tag, poll } = await buildWidget();
  const files: Record<string, string> = {
    "/tag.js": await readFile(tag.path, "utf8"),
    "/poll.js": await readFile(poll.path, "utf8"),
  };
  const heard: Heard[] = [];
  const methods: string[] = [];
  const replies: { page: Reply; answers: Reply; results: Reply } = {
    page: { json: { poll: null } },
    answers: { json: { tally: null } },
    results: { json: { recorded: true } },
  };
  const { port, close } = await listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://house");
    methods.push(`${request.method} ${pathname}`);
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("cache-control", "no-store");
    const file = files[pathname];
    if (file) return response.setHeader("content-type", "text/javascript; charset=utf-8").end(file);
    if (pathname === "/v1/page") return put(response, replies.page);
    const body = JSON.parse(await textOf(request)) as Record<string, unknown>;
    heard.push({ door: pathname, type: request.headers["content-type"], body });
    if (pathname === "/v1/beacon") return response.writeHead(204).end();
    return put(response, pathname === "/v1/answers" ? replies.answers : replies.results);
  });
  return { origin: `http://127.0.0.1:${port}`, heard, methods, replies, files, close };
};

const put = (response: ServerResponse, { hang, status = 200, text, json }: Reply): unknown =>
  hang || response.writeHead(status, { "content-type": "application/json" }).end(text ?? JSON.stringify(json));

/** A page of a brand: its markup, and headers beside the strict policy every page gets. */
export interface Page {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A brand's site on another origin (`localhost`), every page under the strictest policy the widget promises to live with. */
export const openSite = async (house: string) => {
  const policy = `default-src 'none'; script-src ${house} 'nonce-own'; connect-src 'self' ${house}; style-src 'none'; require-trusted-types-for 'script'`;
  const pages: Record<string, Page> = {};
  const asked: string[] = [];
  const { port, close } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://site");
    const page = pages[pathname];
    asked.push(pathname);
    if (pathname === "/favicon.ico") return response.writeHead(204).end();
    if (!page) return response.writeHead(404).end();
    const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, ...page.headers };
    for (const [name, value] of Object.entries(headers)) if (value) response.setHeader(name, value);
    response.end(`<!doctype html>${page.html}`);
  });
  return { origin: `http://localhost:${port}`, pages, asked, close };
};
