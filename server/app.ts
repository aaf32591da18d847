import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import * as v from "valibot";
import pkg from "../package.json" with { type: "json" };
import { ok } from "../shared/kit/shape.ts";
import { health } from "../shared/wire/health.ts";
import { addressOf } from "./doors/address.ts";
import { headerOf } from "./doors/arrival.ts";
import { openAssets } from "./doors/assets.ts";
import { openAttributionDoors } from "./doors/attribution.ts";
import { MOST_BYTES } from "./doors/body.ts";
import { openBrandDoors } from "./doors/brand.ts";
import { openCertificateDoors } from "./doors/certificate.ts";
import { openContractDoors } from "./doors/contracts.ts";
import { openConversionDoors } from "./doors/conversions.ts";
import { openDisputeDoors } from "./doors/disputes.ts";
import { open } from "./doors/door.ts";
import { openHoldoutDoors } from "./doors/holdouts.ts";
import { openInfluencerDoors } from "./doors/influencer.ts";
import { openLiveDoor } from "./doors/live.ts";
import { openapi } from "./doors/openapi.ts";
import { openPayoutSettingDoors } from "./doors/payout-settings.ts";
import { openPayoutDoors } from "./doors/payouts.ts";
import { openPeopleDoors } from "./doors/people.ts";
import { failure, problem } from "./doors/problem.ts";
import { type Follow, openRedirect } from "./doors/redirect.ts";
import { openStatementDoors } from "./doors/statements.ts";
import { openViewDoor } from "./doors/views.ts";
import { openVisitorDoors } from "./doors/visitor.ts";
import type { World } from "./world.ts";

/** Headers of everything that is ours alone: the app may load only from here, and nobody may frame it. */
const appHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const isExtension = (origin: string | undefined): origin is string =>
  /^(chrome|moz)-extension:\/\/[0-9a-z-]+$/.test(origin ?? "");

/** A paired extension asks from its own origin, by bearer token and never with cookies. */
const letExtensionsIn = (app: Hono): void => {
  app.use("/v1/*", async (c, next) => {
    const origin = c.req.header("origin");
    if (!isExtension(origin)) return next();
    if (c.req.method === "OPTIONS") {
      c.header("access-control-allow-methods", "GET, POST");
      c.header("access-control-allow-headers", "authorization, content-type, idempotency-key, last-event-id");
      c.header("access-control-max-age", "600");
      c.header("access-control-allow-origin", origin);
      return c.body(null, 204);
    }
    await next();
    c.header("access-control-allow-origin", origin);
    c.header("vary", "Origin");
  });
};

const guard = (app: Hono, world: World): void => {
  const strict = world.origin.startsWith("https:")
    ? { "strict-transport-security": "max-age=31536000; includeSubDomains" }
    : {};
  const own = Object.entries({ ...appHeaders, ...strict });
  app.use("*", async (c, next) => {
    await next();
    // What other sites load has headers of its own, and says so by allowing every origin.
    if (c.res.headers.get("access-control-allow-origin") === "*") return;
    for (const [name, value] of own) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
};

const openHealth = (app: Hono, world: World): void =>
  open(app, world, health, async () => {
    await world.store.brandOf("health");
    return ok({ ok: true, version: pkg.version });
  });

const tooLarge = { code: "too-large", because: `A body may have at most ${MOST_BYTES} bytes.` };

/** The whole server as one function from request to response, over a world. */
export const makeApp = (world: World, follow: Follow = openRedirect(world)): Hono => {
  const app = new Hono();
  app.onError((error) => {
    const incident = randomUUID().slice(0, 8);
    world.warn(`failure ${incident}`, error instanceof v.ValiError ? v.flatten(error.issues) : error);
    return failure(incident);
  });
  app.notFound(() => problem({ code: "not-found", because: "There is nothing at this address." }));
  app.on(["GET", "HEAD"], "/l/:code", async (c) => {
    const { status, headers, body } = await follow(c.req.param("code"), headerOf(c.req.raw), c.req.method === "HEAD");
    return new Response(body, { status, headers });
  });
  openVisitorDoors(app, world);
  guard(app, world);
  letExtensionsIn(app);
  app.all("/api/auth/*", (c) => {
    if (Number(c.req.header("content-length") ?? 0) > MOST_BYTES) return problem(tooLarge);
    return world.people.handler(c.req.raw, addressOf(c));
  });
  openPeopleDoors(app, world);
  openBrandDoors(app, world);
  openContractDoors(app, world);
  openConversionDoors(app, world);
  openDisputeDoors(app, world);
  openAttributionDoors(app, world);
  openHoldoutDoors(app, world);
  openInfluencerDoors(app, world);
  openPayoutDoors(app, world);
  openStatementDoors(app, world);
  openPayoutSettingDoors(app, world);
  openViewDoor(app, world);
  openCertificateDoors(app, world);
  openLiveDoor(app, world);
  openHealth(app, world);
  app.get("/openapi.json", () => Response.json(openapi(world.origin)));
  openAssets(app, world);
  return app;
};
