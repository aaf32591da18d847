import { createHash } from "node:crypto";
import type { Context, Hono } from "hono";
import * as v from "valibot";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import type { Endpoint, Params } from "../../shared/wire/endpoint.ts";
import type { Reader } from "../engine/reader.ts";
import type { Work } from "../engine/record.ts";
import type { Unit } from "../engine/unit.ts";
import { isJson } from "../people/origin.ts";
import type { Who } from "../people/who.ts";
import type { Answered } from "../store/store.ts";
import type { World } from "../world.ts";
import { addressOf } from "./address.ts";
import { readBody } from "./body.ts";
import { opensToExtensions } from "./pocket.ts";
import { faultsOf, problem } from "./problem.ts";
import { queryOf } from "./query.ts";
import { admit, admitAnyone, type Seat } from "./seats.ts";

type Schema = v.GenericSchema;

/** A request at a door: parsed, and known by whom. */
export interface Visit<Path extends string, Query extends Schema, Body extends Schema> {
  readonly params: Params<Path>;
  readonly query: v.InferOutput<Query>;
  readonly body: v.InferOutput<Body>;
  readonly request: Request;
  /** The caller's network address, for limits on guessing; never kept. */
  readonly address: string | undefined;
  readonly who: Who | undefined;
  readonly seats: readonly Seat[];
  /** Headers the answer carries besides its own, such as a session cookie. */
  readonly headers: Headers;
  /**
   * Decide something once for this request: a repeat under the same `Idempotency-Key` decides nothing, and is answered by
   * what came of the first.
   */
  decide<Value, Reply>(
    brand: string,
    work: Work<Value>,
    show: (reader: Reader, value: Value) => Promise<Reply>,
  ): Promise<Result<Reply>>;
}

/** Answers a visit, with the reply the door promises or a refusal. */
export type Answer<Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema> = (
  visit: Visit<Path, Query, Body>,
) => Promise<Result<v.InferInput<Reply>>>;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The key a request's effect is remembered under: its own key, and who and where, so that no two callers can meet. */
const scopeOf = (request: Request, who: Who | undefined): string | undefined => {
  const key = request.headers.get("idempotency-key");
  if (!key) return undefined;
  const caller = who?.kind === "person" ? who.userId : (who?.key ?? "anyone");
  return sha256(canonical([caller, request.method, new URL(request.url).pathname, key]));
};

/**
 * What is remembered of an answer. A server gets its first answer again, letter by letter. People's answers hold names, words
 * and keys that must be erasable: of those only what was decided is kept, by its id, and shown as it stands now.
 */
type Kept<Value, Reply> = { readonly reply: Reply } | { readonly value: Value | null };

interface Once {
  readonly scope: string | undefined;
  readonly bodyHash: string;
  readonly who: Who | undefined;
}

const reused = refuse(
  "idempotency-key-reused",
  "This Idempotency-Key came before with another body. Use a new key for a new request.",
);

const onceOnly =
  (world: World, { scope, bodyHash, who }: Once): Visit<string, Schema, Schema>["decide"] =>
  <Value, Reply>(brand: string, work: Work<Value>, show: (reader: Reader, value: Value) => Promise<Reply>) => {
    const again = async (unit: Unit, before: Answered): Promise<Result<Reply>> => {
      if (before.bodyHash !== bodyHash) return reused;
      const kept: Kept<Value, Reply> = JSON.parse(before.reply);
      return ok("reply" in kept ? kept.reply : await show(unit, kept.value as Value));
    };
    return world.record.decide<Reply>(brand, async (unit) => {
      const before = scope && (await unit.answered(scope));
      if (before) return again(unit, before);
      const done = await work(unit);
      if (!done.ok) return done;
      const reply = await show(unit, done.value);
      const kept: Kept<Value, Reply> = who?.kind === "server" ? { reply } : { value: done.value ?? null };
      if (scope) unit.answer(scope, { bodyHash, reply: JSON.stringify(kept) });
      return ok(reply);
    });
  };

const onlyInWebApp = refuse("not-allowed", "Do this in the web app, signed in there: an extension cannot.").refusal;

const isBeyondToken = (who: Who | undefined, door: Endpoint): boolean =>
  who?.kind === "person" && who.via === "bearer" && !opensToExtensions(door);

const bodyOf = async (request: Request, method: string): Promise<Result<unknown>> => {
  if (method === "GET") return ok(undefined);
  if (!isJson(request.headers)) return refuse("not-json-type", "Send the body as application/json.");
  return readBody(request);
};

const respond = (reply: unknown, headers: Headers): Response => {
  headers.set("cache-control", "no-store");
  if (reply === undefined) return new Response(null, { status: 204, headers });
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(reply), { headers });
};

/**
 * Open one door: find out who knocks, parse what they bring, let `answer` answer, and send only what the door's reply
 * schema allows. Refusals become problem documents.
 */
export const open = <const Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema>(
  app: Hono,
  world: World,
  door: Endpoint<Path, Query, Body, Reply>,
  answer: Answer<Path, Query, Body, Reply>,
): void => {
  app.on(door.method, door.path, async (c: Context) => {
    const request = c.req.raw;
    const read = await bodyOf(request, door.method);
    const admitted = door.audience.includes("anyone")
      ? admitAnyone(world, request)
      : await admit(world, request, door.audience);
    if (!admitted.ok) return problem(admitted.refusal);
    if (isBeyondToken(admitted.value.who, door)) return problem(onlyInWebApp);
    if (!read.ok) return problem(read.refusal);
    const asked = queryOf(request, door.query);
    if (!asked.ok) return problem(asked.refusal);
    const query = v.safeParse(door.query, asked.value);
    const body = v.safeParse(door.body, read.value);
    if (!query.success)
      return problem(
        { code: "bad-request", because: "The query is not what this door takes." },
        faultsOf(query.issues),
      );
    if (!body.success)
      return problem({ code: "bad-request", because: "The body is not what this door takes." }, faultsOf(body.issues));
    const { who, seats } = admitted.value;
    const headers = new Headers();
    const bodyHash = sha256(canonical((read.value ?? null) as Json));
    const decide = onceOnly(world, { scope: scopeOf(request, who), bodyHash, who });
    const params = c.req.param() as unknown as Params<Path>;
    const done = await answer({
      params,
      query: query.output,
      body: body.output,
      request,
      address: addressOf(world, c),
      who,
      seats,
      headers,
      decide,
    });
    if (!done.ok) return problem(done.refusal);
    return respond(door.reply.type === "undefined" ? undefined : v.parse(door.reply, done.value), headers);
  });
};
