import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint, formCsrfMiddleware, getSessionFromCtx } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import * as v from "valibot";
import type { Refusal, Result } from "../../shared/kit/shape.ts";
import { Assertion } from "../../shared/wire/passkeys.ts";
import { ownerOf } from "./ceremony.ts";
import { readInvitation, useInvitation, useLink } from "./entrance.ts";
import { additions, type UserRow } from "./tables.ts";

/** The browser keeps the cookie as long as a session can last at most; the session itself may end sooner. */
const COOKIE_S = 30 * 24 * 60 * 60;

const token = v.pipe(v.string(), v.maxLength(100));

type Doorstep = Parameters<typeof setSessionCookie>[0];

const orThrow = <Value>(result: Result<Value, Refusal>): Value => {
  if (result.ok) return result.value;
  const { code, because } = result.refusal;
  throw new APIError(code === "already-a-member" ? "CONFLICT" : "BAD_REQUEST", { code, message: because });
};

const letIn = async (ctx: Doorstep, user: string, brand?: string): Promise<void> => {
  const acting = { activeOrganizationId: brand ?? null };
  const session = await ctx.context.internalAdapter.createSession(user, false, acting);
  const found = await ctx.context.internalAdapter.findSession(session.token);
  if (found) await setSessionCookie(ctx, found, false, { maxAge: COOKIE_S });
};

const me = async (ctx: Doorstep): Promise<UserRow> => {
  const found = await getSessionFromCtx(ctx);
  if (found) return found.user;
  throw new APIError("UNAUTHORIZED", { code: "not-signed-in", message: "Sign in first, then accept the invitation." });
};

/** Our own ways in, as routes of the sign-in library: its cookies, its rate limits and its origin check hold for them. */
export const doors = {
  id: "makegood-doors",
  schema: { influencer: additions.influencer, passkey: additions.passkey },
  rateLimit: [{ pathMatcher: (path) => /^\/(link|invitation)\//.test(path), window: 60, max: 20 }],
  endpoints: {
    enterByLink: createAuthEndpoint(
      "/link/open",
      { method: "POST", body: v.object({ token }), use: [formCsrfMiddleware] },
      async (ctx) => {
        const { user, path, brand } = orThrow(await useLink(ctx.context, ctx.body.token));
        await letIn(ctx, user.id, brand);
        return ctx.json({ userId: user.id, path });
      },
    ),
    readOurInvitation: createAuthEndpoint(
      "/invitation/view",
      { method: "POST", body: v.object({ token }) },
      async (ctx) => ctx.json(orThrow(await readInvitation(ctx.context, ctx.body.token))),
    ),
    enterByInvitation: createAuthEndpoint(
      "/invitation/accept",
      { method: "POST", body: v.object({ token, asMe: v.optional(v.boolean()) }), use: [formCsrfMiddleware] },
      async (ctx) => {
        const self = ctx.body.asMe ? await me(ctx) : undefined;
        const { user, brand, influencer } = orThrow(await useInvitation(ctx.context, ctx.body.token, self));
        if (!self) await letIn(ctx, user.id);
        return ctx.json({ userId: user.id, brand, influencer });
      },
    ),
    enterByPasskey: createAuthEndpoint(
      "/passkey/enter",
      { method: "POST", body: v.object({ assertion: Assertion }), use: [formCsrfMiddleware] },
      async (ctx) => {
        const userId = orThrow(await ownerOf(ctx.context, ["enter"], ctx.body.assertion));
        await letIn(ctx, userId);
        return ctx.json({ userId });
      },
    ),
  },
} satisfies BetterAuthPlugin;
