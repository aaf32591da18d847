import { Hono } from "hono";
import { addressOf } from "./doors/address.ts";
import { headerOf } from "./doors/arrival.ts";
import { openConsole, openWidget } from "./doors/assets.ts";
import { openAttributionDoors } from "./doors/attribution.ts";
import { bytesOf, MOST_BYTES } from "./doors/body.ts";
import { openBrandDoors } from "./doors/brand.ts";
import { openCertificateDoors } from "./doors/certificate.ts";
import { openContractDoors } from "./doors/contracts.ts";
import { openConversionDoors } from "./doors/conversions.ts";
import { openDisputeDoors } from "./doors/disputes.ts";
import { failed } from "./doors/failed.ts";
import { openHealth } from "./doors/health.ts";
import { openHoldoutDoors } from "./doors/holdouts.ts";
import { openInfluencerDoors } from "./doors/influencer.ts";
import { openLiveDoor } from "./doors/live.ts";
import { openOtherMethods } from "./doors/methods.ts";
import { openapi } from "./doors/openapi.ts";
import { handOver, packed } from "./doors/packed.ts";
import { openPayoutSettingDoors } from "./doors/payout-settings.ts";
import { openPayoutDoors } from "./doors/payouts.ts";
import { openPeopleDoors } from "./doors/people.ts";
import { problem } from "./doors/problem.ts";
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
    c.header("access-control-expose-headers", "retry-after");
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

const tooLarge = { code: "too-large", because: `A body may have at most ${MOST_BYTES} bytes.` };

/** The doors in writing, for whoever writes a client: printed once, for it never changes while the server is up. */
const openPrinted = (app: Hono, world: World): void => {
  const printed = packed(Buffer.from(JSON.stringify(openapi(world.origin))));
  const headers = { "content-type": "application/json", "cache-control": "no-cache" };
  app.get("/openapi.json", (c) => handOver(c.req.raw, printed, headers));
};

/** The same request with its body read, so that the sign-in library never reads more than we do; undefined: too large. */
const small = async (request: Request): Promise<Request | undefined> => {
  if (request.method === "GET" || request.method === "HEAD") return request;
  const body = await bytesOf(request);
  const { url, method, headers } = request;
  return body && new Request(url, { method, headers, ...(body.length > 0 && { body: new Uint8Array(body) }) });
};

/** The whole server as one function from request to response, over a world. */
export const makeApp = (world: World, follow: Follow = openRedirect(world)): Hono => {
  const app = new Hono();
  app.onError((error) => failed(world, error));
  app.notFound(() => problem({ code: "not-found", because: "There is nothing at this address." }));
  app.on(["GET", "HEAD"], "/l/:code", async (c) => {
    const { status, headers, body } = await follow(c.req.param("code"), headerOf(c.req.raw), c.req.method === "HEAD");
    return new Response(body, { status, headers });
  });
  openVisitorDoors(app, world);
  guard(app, world);
  letExtensionsIn(app);
  app.all("/api/auth/*", async (c) => {
    const request = await small(c.req.raw);
    return request ? world.people.handler(request, addressOf(world, c)) : problem(tooLarge);
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
  openPrinted(app, world);
  openWidget(app, world);
  openOtherMethods(app);
  openConsole(app, world);
  return app;
};
