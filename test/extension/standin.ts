import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import type { Endpoint } from "../../shared/wire/endpoint.ts";
import * as influencer from "../../shared/wire/influencer.ts";
import { LiveMessage, live } from "../../shared/wire/live.ts";
import * as people from "../../shared/wire/people.ts";
import { type Case, type Contract, conversionOf, earningsOf, type Stage, someCase, statementOf } from "./evidence.ts";

type Json = Record<string, unknown>;

/** What is known of one request, after its bearer and body were read. */
interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly headers: IncomingMessage["headers"];
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

type Answer = { readonly reply: unknown } | Problem;

const refused = (status: number, code: string, detail: string): Problem => ({ status, code, detail });

const MIME = "application/json";

/** A request for a link as the server saw it arrive, whether or not it made a new row. */
export interface Attempt {
  readonly key: string;
  readonly contract: string;
  readonly destination: string;
}

/**
 * A server of one influencer that answers the doors the extension knocks on, checks every answer against its door,
 * computes money by the law, and can be told to misbehave.
 */
export const openStandin = async (contracts: readonly Contract[]) => {
  const cases = new Map<string, Case[]>(contracts.map(({ id }) => [id, []]));
  const tokens = new Set<string>();
  const rows: v.InferOutput<(typeof influencer.grabLink)["reply"]>[] = [];
  const attempts: Attempt[] = [];
  const replies = new Map<string, unknown>();
  const log: { id: string; data: string }[] = [];
  const listeners = new Set<ServerResponse>();
  const pairing = {
    asked: 0,
    answer: "waiting" as "waiting" | "slower" | "denied" | "expired" | "paired",
    intervalMs: 200,
  };
  const resumedFrom: (string | undefined)[] = [];
  const says = {
    me: "usr_mia",
    email: "mia@example.com",
    earnings: (it: unknown) => it,
    statement: (it: unknown) => it,
    conversion: (it: unknown) => it,
    grab: undefined as Problem | undefined,
  };
  const asked: string[] = [];
  let held: Promise<void> = Promise.resolve();
  let mute = false;
  let origin = "";
  let issued = 0;

  const position = (): string => `brd_acme:${log.length}`;
  const contractOf = (id: string | undefined): Contract | undefined => contracts.find((it) => it.id === id);
  const earnings = () =>
    contracts
      .filter(({ status }) => status === "running")
      .map((it) => earningsOf(it, cases.get(it.id) ?? [], Date.now()));

  const makeLink = (contract: string, destination: string) => {
    const same = rows.find((it) => it.contract === contract && it.destination === destination);
    if (same) return same;
    const code = `mia${rows.length + 1}`;
    const row = { code, url: `${origin}/l/${code}`, destination, contract, createdAt: Date.now(), clicks: 0 };
    rows.push(row);
    return row;
  };

  const grab = async ({ params, body, headers }: Asked): Promise<Answer> => {
    const key = String(headers["idempotency-key"]);
    attempts.push({ key, contract: params.contract ?? "", destination: String(body.destination) });
    await held;
    if (says.grab) return says.grab;
    const known = replies.get(key);
    if (known) return { reply: known };
    const reply = makeLink(params.contract ?? "", String(body.destination));
    replies.set(key, reply);
    return { reply };
  };

  const ask = async (): Promise<Answer> => {
    pairing.asked += 1;
    if (pairing.answer !== "paired") return { reply: { state: pairing.answer } };
    issued += 1;
    const token = `tok_${issued}`;
    tokens.add(token);
    return { reply: { state: "paired", token } };
  };

  const conversion = async ({ params }: Asked): Promise<Answer> => {
    for (const contract of contracts) {
      const all = cases.get(contract.id) ?? [];
      const found = all.find(({ share }) => share.id === params.conversion);
      if (found) return { reply: says.conversion(conversionOf(contract, all, found)) };
    }
    return refused(404, "not-found", "There is no such conversion.");
  };

  const statement = async ({ params }: Asked): Promise<Answer> => {
    const contract = contractOf(params.contract);
    if (!contract) return refused(404, "not-found", "There is no such contract.");
    return { reply: says.statement(statementOf(contract, cases.get(contract.id) ?? [], Date.now())) };
  };

  const started = () => ({
    deviceCode: "device-code-of-this-browser",
    userCode: "WDJB-MJHT",
    verificationUrl: `${origin}/pair?code=WDJB-MJHT`,
    expiresAt: Date.now() + 600_000,
    intervalMs: pairing.intervalMs,
  });

  type Opened = { door: Endpoint; open: boolean; answer: (asked: Asked) => Promise<Answer> };
  const doors: readonly Opened[] = [
    { door: people.startPairing, open: true, answer: async () => ({ reply: started() }) },
    { door: people.askPairing, open: true, answer: ask },
    { door: people.leave, open: false, answer: async () => ({ reply: { left: true } }) },
    {
      door: influencer.me,
      open: false,
      answer: async () => ({ reply: { id: says.me, name: "Mia", email: says.email, memberships: [] } }),
    },
    { door: influencer.contracts, open: false, answer: async () => ({ reply: { contracts } }) },
    {
      door: influencer.earnings,
      open: false,
      answer: async () => ({
        reply: { earnings: says.earnings(earnings()), position: position(), asOf: Date.now() },
      }),
    },
    {
      door: influencer.links,
      open: false,
      answer: async ({ params }: Asked) => ({ reply: { links: rows.filter((it) => it.contract === params.contract) } }),
    },
    { door: influencer.grabLink, open: false, answer: grab },
    { door: influencer.statementOf, open: false, answer: statement },
    { door: influencer.conversion, open: false, answer: conversion },
  ] as unknown as readonly Opened[];

  const paramsOf = (pattern: string, path: string): Record<string, string> | undefined => {
    const [asked, given] = [pattern.split("/"), path.split("/")];
    if (asked.length !== given.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of asked.entries()) {
      const value = given[index] ?? "";
      if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(value);
      else if (part !== value) return undefined;
    }
    return params;
  };

  const isIn = (request: IncomingMessage): boolean =>
    tokens.has(String(request.headers.authorization).replace(/^Bearer /, ""));

  const send = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": status === 200 ? MIME : "application/problem+json" });
    response.end(JSON.stringify(body));
  };

  const refuse = (response: ServerResponse, { status, code, detail }: Problem): void =>
    send(response, status, { type: "about:blank", title: code, status, code, detail });

  const read = async (request: IncomingMessage): Promise<Json> => {
    let text = "";
    for await (const piece of request) text += piece;
    return text === "" ? {} : (JSON.parse(text) as Json);
  };

  const follow = (request: IncomingMessage, response: ServerResponse): void => {
    const from = request.headers["last-event-id"]?.toString();
    resumedFrom.push(from);
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const seen = Number(from?.split(":")[1] ?? log.length);
    response.write(`id: ${from ?? position()}\ndata: {"kind":"hello"}\n\n`);
    for (const { id, data } of log.slice(seen)) response.write(`id: ${id}\ndata: ${data}\n\n`);
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  };

  const signIn = refused(401, "not-signed-in", "Sign in first.");

  const answerAt = async (opened: Opened, params: Asked["params"], request: IncomingMessage): Promise<Answer> => {
    const { door, open, answer } = opened;
    if (!open && !isIn(request)) return signIn;
    const body = v.parse(door.body, door.method === "GET" ? undefined : await read(request)) as Json;
    const answered = await answer({ params, body: body ?? {}, headers: request.headers });
    return "reply" in answered ? { reply: v.parse(door.reply, answered.reply) } : answered;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? "/", "http://any");
    asked.push(pathname);
    if (pathname === live.path) return isIn(request) ? follow(request, response) : refuse(response, signIn);
    for (const opened of doors) {
      const params = opened.door.method === request.method ? paramsOf(opened.door.path, pathname) : undefined;
      if (!params) continue;
      const answered = await answerAt(opened, params, request);
      return "reply" in answered ? send(response, 200, answered.reply) : refuse(response, answered);
    }
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>A shop</title><h1>A shop</h1><a id='other' href='/course?x=1'>course</a>");
  };

  const letIn = (request: IncomingMessage, response: ServerResponse): boolean => {
    const from = request.headers.origin;
    if (from && /^((chrome|moz)-extension|http):/.test(from)) {
      response.setHeader("access-control-allow-origin", from);
      response.setHeader("access-control-allow-methods", "GET, POST");
      const headers = "authorization, content-type, idempotency-key, last-event-id";
      response.setHeader("access-control-allow-headers", headers);
    }
    if (request.method !== "OPTIONS") return false;
    response.writeHead(204);
    response.end();
    return true;
  };

  let server: Server;
  const listen = (port: number): Promise<void> =>
    new Promise((listening) => {
      server = createServer((request, response) => {
        if (letIn(request, response)) return;
        serve(request, response).catch((error) => refuse(response, refused(500, "failure", String(error))));
      });
      server.listen(port, "127.0.0.1", () => listening());
    });
  const goAway = (): Promise<void> =>
    new Promise((gone) => {
      server.close(() => gone());
      server.closeAllConnections();
    });

  await listen(0);
  const { port } = server!.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;

  const tell = (message: LiveMessage): void => {
    const it = { id: `brd_acme:${log.length + 1}`, data: JSON.stringify(v.parse(LiveMessage, message)) };
    log.push(it);
    if (!mute) for (const response of listeners) response.write(`id: ${it.id}\ndata: ${it.data}\n\n`);
  };

  return {
    origin,
    port,
    contracts,
    rows: rows as readonly (typeof rows)[number][],
    attempts: attempts as readonly Attempt[],
    /** The paths that were asked for, in order. */
    asked: asked as readonly string[],
    /** The positions listeners asked to go on from, in order. */
    resumedFrom: resumedFrom as readonly (string | undefined)[],
    pairing,
    /** Ways to change an answer before it is sent. */
    says,
    position,
    earnings,
    token: (): string => {
      tokens.add("tok_given");
      return "tok_given";
    },
    revoke: (): void => tokens.clear(),
    listeners: (): number => listeners.size,
    /** Somebody becomes a lead by way of a contract, and every listener hears of it. */
    lead: (contractId: string, id: string, stage: Stage = "validated", at = Date.now()): Case => {
      const contract = contractOf(contractId)!;
      const it = someCase(contract, id, at, stage);
      cases.get(contractId)!.push(it);
      const now = earningsOf(contract, cases.get(contractId)!, Date.now());
      tell({ kind: "earnings", at: Date.now(), conversion: id, moved: [], now });
      return it;
    },
    /** Say something on the live stream word for word. */
    mutter: (data: string): void => {
      const id = `brd_acme:${log.length + 1}`;
      log.push({ id, data });
      for (const response of listeners) response.write(`id: ${id}\ndata: ${data}\n\n`);
    },
    /** Keep every request for a link waiting until the returned function is called. */
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    /** Lines stay open, but nothing comes through them any more, as when a machine slept or a network changed. */
    fallSilent: (silent: boolean): void => {
      mute = silent;
    },
    breakLines: (): void => {
      for (const response of listeners) response.destroy();
    },
    goAway,
    comeBack: (): Promise<void> => listen(port),
    close: async (): Promise<void> => {
      if (server.listening) await goAway();
    },
  };
};

/** A server that stands in for the real one. */
export type Standin = Awaited<ReturnType<typeof openStandin>>;
