import type { IncomingMessage, ServerResponse } from "node:http";
import type { World } from "../world.ts";
import type { Header } from "./arrival.ts";
import { MOST_BYTES } from "./body.ts";
import { failed } from "./failed.ts";
import type { Follow } from "./redirect.ts";
import { publicHeaders, takeBeaconBytes } from "./visitor.ts";

const headerOf =
  (request: IncomingMessage): Header =>
  (name) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };

const LINK = "/l/";
const BEACON = "/v1/beacon";

const send = async (response: ServerResponse, answer: Response): Promise<void> => {
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...publicHeaders });
  response.end(await answer.text());
};

/** The whole body, unless the caller hangs up in the middle; how long it may be was looked at before. */
const bytesOf = (request: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("error", () => resolve(undefined));
  });

const takeBeacon = async (world: World, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const bytes = await bytesOf(request);
  if (!bytes) return;
  const answer = await takeBeaconBytes(world, bytes, headerOf(request));
  if (answer) return send(response, answer);
  response.writeHead(204, publicHeaders).end();
};

const follow = async (go: Follow, code: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const followed = go(code, headerOf(request), request.method === "HEAD");
  // Nearly always known at once; waiting for what is there already would put the answer off.
  const { status, headers, body } = followed instanceof Promise ? await followed : followed;
  response.writeHead(status, headers).end(body);
};

/** A length that is said and small; whatever else a body may be goes the long way. */
const isSmall = (request: IncomingMessage): boolean => {
  const length = Number(request.headers["content-length"] ?? Number.NaN);
  return length > 0 && length <= MOST_BYTES;
};

/**
 * The two requests that come by the thousand, clicks and beacons, answered straight from the socket: the router and the
 * web-standard wrapping cost more than the work itself. The same code answers them as behind the router. False: not one
 * of them, take the long way.
 */
export const hotPath =
  (world: World, go: Follow) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    const { url = "", method } = request;
    const fail = (error: unknown): void => {
      if (response.headersSent) response.destroy();
      else void send(response, failed(world, error));
    };
    if ((method === "GET" || method === "HEAD") && url.startsWith(LINK)) {
      void follow(go, url.slice(LINK.length).split("?")[0] ?? "", request, response).catch(fail);
      return true;
    }
    if (method !== "POST" || url !== BEACON || !isSmall(request)) return false;
    void takeBeacon(world, request, response).catch(fail);
    return true;
  };
