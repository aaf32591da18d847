import { createHmac } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { apiKey } from "@better-auth/api-key";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import { bearer, deviceAuthorization, organization } from "better-auth/plugins";
import { ok, present, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import type { Assertion, NoPasskey } from "./ceremony.ts";
import { doors } from "./doorway.ts";
import { type NoEntry, unusable } from "./entrance.ts";
import { BASE_PATH, browserOnly, EXTENSION, PAIRING_PAGE } from "./routes.ts";
import { additions, type Context, type SessionRow, tables, type UserRow } from "./tables.ts";

const DAY_S = 24 * 60 * 60;

/** Signed in stays signed in for this long without a visit … */
export const IDLE_MS = 7 * DAY_S * 1000;

/** … and never longer than this. */
export const ABSOLUTE_MS = 30 * DAY_S * 1000;

/** The header in which the server tells the rate limiter who is calling; what a caller writes there is thrown away. */
export const ADDRESS_HEADER = "x-makegood-address";

/** What the sign-in library is built from. */
export interface AuthOptions {
  readonly database: DatabaseSync;
  readonly baseURL: string;
  readonly secret: string;
  readonly trustedOrigins: readonly string[] | ((request?: Request) => Promise<readonly string[]> | readonly string[]);
  readonly rateLimits: boolean;
}

/** The sign-in library, seen through the few holes we need. */
export interface Auth {
  readonly context: Context;
  handler(request: Request): Promise<Response>;
  sessionOf(headers: Headers): Promise<{ readonly session: SessionRow; readonly user: UserRow } | undefined>;
  newKey(brand: string, name: string, by: string): Promise<{ readonly id: string; readonly key: string }>;
  openLink(token: string, userAgent?: string): Promise<Result<Entered & { readonly path: string }, NoEntry>>;
  acceptInvitation(token: string, userAgent?: string): Promise<Result<Entered & Seat, NoEntry>>;
  enterByPasskey(assertion: Assertion, userAgent?: string): Promise<Result<Entered, NoPasskey>>;
}

/** Somebody came in; `setCookie` is the Set-Cookie header that keeps them signed in. */
export interface Entered {
  readonly userId: string;
  readonly setCookie: string;
}

/** Whom an invitation made them. */
export interface Seat {
  readonly brand: string;
  readonly influencer: string;
}

const plugins = (baseURL: string) => [
  organization({
    allowUserToCreateOrganization: false,
    schema: {
      organization: { modelName: tables.organization },
      member: { modelName: tables.member, additionalFields: additions.member },
      invitation: { modelName: tables.invitation },
    },
  }),
  deviceAuthorization({
    expiresIn: "15m",
    interval: "5s",
    verificationUri: new URL(PAIRING_PAGE, baseURL).href,
    validateClient: (client) => client === EXTENSION,
    schema: { deviceCode: { modelName: tables.deviceCode } },
  }),
  bearer({ requireSignature: true }),
];

const keys = () =>
  apiKey({
    references: "organization",
    defaultPrefix: "sk_",
    defaultKeyLength: 48,
    maximumNameLength: 64,
    startingCharactersConfig: { charactersLength: 9 },
    rateLimit: { enabled: false },
    schema: { apikey: { modelName: tables.apikey } },
  });

/** A bearer token is signed like the cookie is, so that a copy of the database alone opens nothing. */
const sign = (token: string, secret: string): string =>
  `${token}.${createHmac("sha256", secret).update(token).digest("base64")}`;

const HOUR_MS = 60 * 60 * 1000;

/** Anybody may ask for a pairing code, and most of the codes nobody uses would stay for ever. */
const sweepCodes = async ({ adapter }: Context): Promise<void> => {
  const where = [{ field: "expiresAt", value: new Date(Date.now() - HOUR_MS), operator: "lt" as const }];
  await adapter.deleteMany({ model: "deviceCode", where });
};

const sweepSessions = async ({ adapter }: Context): Promise<void> => {
  const where = [{ field: "expiresAt", value: new Date(), operator: "lt" as const }];
  await adapter.deleteMany({ model: "session", where });
};

const before = createAuthMiddleware(async (ctx) => {
  if (ctx.path === "/device/code") await sweepCodes(ctx.context);
  if (browserOnly.has(ctx.path) && /^bearer\b/i.test(ctx.headers?.get("authorization") ?? ""))
    throw new APIError("UNAUTHORIZED", {
      error: "unauthorized",
      error_description: "Do this in the web app, signed in.",
    });
});

const after = createAuthMiddleware(async (ctx) => {
  const answer: unknown = ctx.context.returned;
  if (ctx.path !== "/device/token" || typeof answer !== "object" || answer === null || !("access_token" in answer))
    return;
  return ctx.json({ ...answer, access_token: sign(String(answer.access_token), ctx.context.secret) });
});

/** No address is kept with a session, and it remembers whether a browser or an extension holds it. */
const beforeSession = async (session: object, ctx: { readonly path?: string } | null) => ({
  data: { ...session, ipAddress: null, client: ctx?.path === "/device/token" ? EXTENSION : "browser" },
});

/** A refusal is an answer, not a fault; what is left is worth a line in the server's log. */
const log = (_level: string, message: string, ...more: readonly unknown[]): void => {
  const faults = more.filter((one) => one instanceof Error && !(one instanceof APIError && one.statusCode < 500));
  if (faults.length > 0) console.error(`sign-in: ${message}`, ...faults);
};

const optionsOf = ({ database, baseURL, secret, trustedOrigins, rateLimits }: AuthOptions) =>
  ({
    appName: "Makegood",
    database,
    baseURL,
    basePath: BASE_PATH,
    secret,
    trustedOrigins:
      typeof trustedOrigins === "function"
        ? async (request) => [...(await trustedOrigins(request))]
        : [...trustedOrigins],
    telemetry: { enabled: false },
    logger: { log },
    emailAndPassword: { enabled: false },
    user: { modelName: tables.user, additionalFields: additions.user },
    account: { modelName: tables.account },
    verification: { modelName: tables.verification },
    session: {
      modelName: tables.session,
      additionalFields: additions.session,
      expiresIn: IDLE_MS / 1000,
      disableSessionRefresh: true,
    },
    rateLimit: {
      enabled: rateLimits,
      storage: "memory",
      window: 60,
      max: 100,
      // Counted by address, and many share one. Codes asked for are limited for they are kept a while; who asks about one
      // of forty letters guesses nothing, and is told by itself when it asks too often.
      customRules: {
        "/device": { window: 60, max: 10 },
        "/device/code": { window: 60, max: 60 },
        "/device/token": { window: 60, max: 1200 },
      },
    },
    advanced: {
      cookiePrefix: "makegood",
      useSecureCookies: baseURL.startsWith("https://"),
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    databaseHooks: { session: { create: { before: beforeSession } } },
    hooks: { before, after },
    plugins: [...plugins(baseURL), keys(), doors],
  }) satisfies BetterAuthOptions;

/**
 * With a DatabaseSync the library's adapter opens deferred transactions that stay open across awaits. The store commits on
 * the same file: between such a transaction's read and its write that makes the write fail at once (SQLITE_BUSY_SNAPSHOT,
 * whatever the timeout), after its write the store would wait for it in vain in the same thread. Each statement is atomic
 * alone, single use included (DELETE … RETURNING), so we run them one by one.
 */
const withoutTransactions = <Adapter>(
  adapter: { transaction: <T>(run: (adapter: Adapter) => Promise<T>) => Promise<T> } & Adapter,
) => {
  adapter.transaction = (run) => run(adapter);
};

const prepare = (database: DatabaseSync): void => {
  database.exec(
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
  );
};

const refusals: ReadonlySet<unknown> = new Set([
  unusable.refusal.code,
  "passkey-not-good",
  "passkeys-need-a-name",
  "passkeys-need-https",
]);

/** The library throws its refusals; ours are values. */
const entering = async <Said extends object, No extends Refusal>(
  answer: Promise<{ headers: Headers; response: Said }>,
): Promise<Result<Said & { readonly setCookie: string }, No>> => {
  try {
    const { headers, response } = await answer;
    return ok({ ...response, setCookie: present(headers.get("set-cookie"), "the session cookie") });
  } catch (error) {
    if (!(error instanceof APIError && refusals.has(error.body?.code))) throw error;
    return refuse(error.body?.code as No["code"], error.body?.message ?? "") as { ok: false; refusal: No };
  }
};

const LONGEST = 300;

/** Of the request of somebody who comes in only what their browser calls itself goes along, to know their sessions by. */
const from = (userAgent: string | undefined) => ({
  headers: new Headers(userAgent ? { "user-agent": userAgent.slice(0, LONGEST) } : {}),
  returnHeaders: true as const,
});

/** Opens the sign-in library on its own connection and brings its tables up to date. */
export const openAuth = async (options: AuthOptions): Promise<Auth> => {
  prepare(options.database);
  const settings = optionsOf(options);
  await (await getMigrations(settings)).runMigrations();
  const auth = betterAuth(settings);
  const context = await auth.$context;
  withoutTransactions(context.adapter);
  await sweepSessions(context);
  return {
    context,
    handler: (request) => auth.handler(request),
    sessionOf: async (headers) => (await auth.api.getSession({ headers })) ?? undefined,
    newKey: async (brand, name, by) => {
      const { id, key } = await auth.api.createApiKey({ body: { organizationId: brand, name, userId: by } });
      return { id, key };
    },
    openLink: (token, userAgent) => entering(auth.api.enterByLink({ body: { token }, ...from(userAgent) })),
    acceptInvitation: (token, userAgent) =>
      entering(auth.api.enterByInvitation({ body: { token }, ...from(userAgent) })),
    enterByPasskey: (assertion, userAgent) =>
      entering(auth.api.enterByPasskey({ body: { assertion }, ...from(userAgent) })),
  };
};
