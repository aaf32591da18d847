import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as v from "valibot";
import { makeBrand, type NewBrand } from "../server/brands.ts";
import { type Running, start } from "../server/main.ts";
import type { Result } from "../shared/kit/shape.ts";
import type { Endpoint } from "../shared/wire/endpoint.ts";
import * as influencerDoors from "../shared/wire/influencer.ts";
import { type Knock, knock } from "../shared/wire/knock.ts";
import { finishProof } from "../shared/wire/passkeys.ts";
import * as people from "../shared/wire/people.ts";
import { unlike } from "./stories/printed.ts";

/** The value of a result that must be fine; fails with the refusal's own words otherwise. */
export const fine = <Value>(result: Result<Value>): Value => {
  if (result.ok) return result.value;
  throw new Error(`${result.refusal.code}: ${result.refusal.because}`);
};

/** Someone with a way to knock at the server's doors, and to be refused. */
export interface Caller {
  readonly headers: Record<string, string>;
  ask<Path extends string, Query extends v.GenericSchema, Body extends v.GenericSchema, Reply extends v.GenericSchema>(
    door: Endpoint<Path, Query, Body, Reply>,
    given?: Knock<Path, Query, Body>,
  ): Promise<Result<v.InferOutput<Reply>>>;
}

/** Call the server with these headers, such as a cookie or a key. Every answer must be as `openapi.json` prints it. */
export const caller = (origin: string, headers: Record<string, string>): Caller => ({
  headers,
  ask: async (door, given) => {
    let found: readonly string[] = [];
    const fetched = async (url: string, init: RequestInit): Promise<Response> => {
      const answer = await fetch(url, init);
      found = await unlike(door.method, url, answer.clone());
      return answer;
    };
    const all = { ...given, headers: { ...headers, ...given?.headers } };
    const done = await knock(fetched as never, origin, door, all as never);
    if (found.length > 0) throw new Error(found.join("\n"));
    return done as never;
  },
});

/** Sign terms in one's own name: prove who is at the keyboard, then sign what was read. */
export const signAs = async (party: Caller, contract: string, termsHash: string, name: string) => {
  const purpose = `sign:${contract}:${termsHash}`;
  const { proof } = fine(await party.ask(finishProof, { body: { purpose } }));
  return party.ask(influencerDoors.sign, { params: { contract }, body: { termsHash, name, agree: true, proof } });
};

/** Open a one-time link or invitation, as the console's button does, and keep the session. */
export const enter = async (origin: string, url: string, name?: string): Promise<Caller> => {
  const token = new URL(url).hash.slice("#token=".length);
  const door = name === undefined ? people.enter : people.join;
  const response = await fetch(origin + door.path, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify(name === undefined ? { token } : { token, name }),
  });
  if (!response.ok) throw new Error(await response.text());
  const cookie = response.headers
    .getSetCookie()
    .map((it) => it.split(";")[0])
    .join("; ");
  return caller(origin, { cookie, origin });
};

/** A whole server of its own on a free port, with one brand and its owner signed in. `at` is a clock the test turns. */
export interface House {
  readonly running: Running;
  readonly origin: string;
  readonly folder: string;
  readonly brand: NewBrand;
  readonly owner: Caller;
  readonly server: Caller;
  readonly clock: { at: number };
  restart(): Promise<Running>;
  close(): Promise<void>;
}

/** Open a house. Without `at` the clock is the real one. */
export const openHouse = async (at?: number): Promise<House> => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-"));
  const clock = { at: at ?? 0 };
  const now = at === undefined ? undefined : (): number => clock.at;
  const settings = { folder, port: 0, loopback: true, rateLimits: false, now };
  let running = await start(settings);
  const { origin } = running;
  const port = Number(new URL(origin).port);
  const brand = await makeBrand(running.world, {
    name: "Acme Coding",
    owner: "Olive Owner",
    email: "olive@acme.example",
  });
  return {
    get running() {
      return running;
    },
    origin,
    folder,
    brand,
    owner: await enter(origin, brand.signInUrl),
    server: caller(origin, { authorization: `Bearer ${brand.secretKey}` }),
    clock,
    restart: async () => {
      await running.stop();
      running = await start({ ...settings, port });
      return running;
    },
    close: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
