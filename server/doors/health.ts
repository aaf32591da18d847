import type { Hono } from "hono";
import pkg from "../../package.json" with { type: "json" };
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { health } from "../../shared/wire/health.ts";
import { troubleOf } from "../store/trouble.ts";
import type { World } from "../world.ts";
import { open } from "./door.ts";

const FRESH_MS = 1000;
const PATIENCE_MS = 2000;

const slow = refuse(
  "store-slow",
  "The store did not take anything in for two seconds. Whoever runs this server must look at its disk.",
);

/** Is something written when it is asked for? Nothing of anybody's: a counter that belongs to no brand. */
const tried = async ({ record }: World): Promise<Result<null>> => {
  try {
    return await record.decide("", async (unit) => {
      unit.add("health", 1);
      return ok(null);
    });
  } catch (error) {
    const trouble = troubleOf(error);
    if (!trouble) throw error;
    return { ok: false, refusal: trouble };
  }
};

const patiently = async (writing: Promise<Result<null>>): Promise<Result<null>> => {
  const waited = AbortSignal.timeout(PATIENCE_MS);
  const given = new Promise<Result<null>>((resolve) => waited.addEventListener("abort", () => resolve(slow)));
  return Promise.race([writing, given]);
};

/** The door that says whether the store takes things in: it tries, at most once a second however many ask. */
export const openHealth = (app: Hono, world: World): void => {
  let last: { readonly at: number; readonly writing: Promise<Result<null>> } | undefined;
  open(app, world, health, async () => {
    const now = performance.now();
    if (!last || now - last.at > FRESH_MS) last = { at: now, writing: tried(world) };
    const done = await patiently(last.writing);
    return done.ok ? ok({ ok: true, version: pkg.version }) : done;
  });
};
