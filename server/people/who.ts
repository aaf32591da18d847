import type { Auth } from "./auth.ts";
import { type Keys, SECRET_KEY_PREFIX, type Server } from "./keys.ts";
import { addressOf } from "./names.ts";
import { EXTENSION } from "./routes.ts";
import { noteVisit } from "./sessions.ts";
import type { Context, MemberRow, SessionRow } from "./tables.ts";

const BEARER = /^Bearer +(\S{1,300})$/i;
const LISTED = 1_000;

/** What a person may do in one brand: everything, or what concerns one influencer. */
export type Membership =
  | { readonly brand: string; readonly role: "owner" }
  | { readonly brand: string; readonly role: "influencer"; readonly influencer: string };

/** A person, signed in. */
export interface Person {
  readonly kind: "person";
  readonly userId: string;
  readonly name: string;
  /** Empty when we know none. */
  readonly email: string;
  /** An owner of several brands acts for one of them at a time: of what they own only that one is here. */
  readonly memberships: readonly Membership[];
  /** A browser's cookie, or the token of a paired extension. Only a cookie needs the same-origin check. */
  readonly via: "cookie" | "bearer";
  /** The session, so that a list of them can say which one this is. */
  readonly session: string;
}

/** Whoever sent a request. */
export type Who = Person | Server;

const membershipOf = (row: MemberRow): readonly Membership[] => {
  if (row.role === "owner") return [{ brand: row.organizationId, role: "owner" }];
  if (row.role !== "influencer" || !row.influencerId) return [];
  return [{ brand: row.organizationId, role: "influencer", influencer: row.influencerId }];
};

/** Everything a person may do, in all brands, the first that was given them first. */
export const membershipsOf = async ({ adapter }: Context, userId: string): Promise<readonly Membership[]> => {
  const where = [{ field: "userId", value: userId }];
  const sortBy = { field: "createdAt", direction: "asc" } as const;
  return (await adapter.findMany<MemberRow>({ model: "member", where, sortBy, limit: LISTED })).flatMap(membershipOf);
};

/** What a person may do in one session: of the brands they own, the one it acts for, or the first where it names none. */
const actingIn = async (context: Context, session: SessionRow): Promise<readonly Membership[]> => {
  const all = await membershipsOf(context, session.userId);
  const owned = all.filter(({ role }) => role === "owner").map(({ brand }) => brand);
  const acting = owned.find((brand) => brand === session.activeOrganizationId) ?? owned[0];
  return all.filter(({ role, brand }) => role !== "owner" || brand === acting);
};

const personBy = async (auth: Auth, via: Person["via"], header: string): Promise<Person | undefined> => {
  const found = await auth.sessionOf(new Headers({ [via === "cookie" ? "cookie" : "authorization"]: header }));
  if (!found) return undefined;
  const { session, user } = found;
  if ((session.client === EXTENSION) !== (via === "bearer")) return undefined;
  await noteVisit(auth.context, session);
  const memberships = await actingIn(auth.context, session);
  const { id: userId, name } = user;
  return { kind: "person", userId, name, email: addressOf(user), memberships, via, session: session.id };
};

/** Who sent a request with these headers. A bearer token that is not good is nobody, whatever cookie comes with it. */
export const whoSent = async (auth: Auth, keys: Keys, headers: Headers): Promise<Who | undefined> => {
  const authorization = headers.get("authorization") ?? "";
  if (/^Bearer\b/i.test(authorization)) {
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    return token.startsWith(SECRET_KEY_PREFIX) ? keys.holder(token) : personBy(auth, "bearer", `Bearer ${token}`);
  }
  const cookie = headers.get("cookie");
  return cookie?.includes("makegood.session_token=") ? personBy(auth, "cookie", cookie) : undefined;
};

/** Whether somebody is still who they were when they came: with a session or a key that is good, and the same roles. */
export const isStill = async ({ context }: Auth, keys: Keys, who: Who): Promise<boolean> => {
  if (who.kind === "server") return (await keys.list(who.brand)).some(({ id }) => id === who.key);
  const where = [
    { field: "id", value: who.session },
    { field: "userId", value: who.userId },
    { field: "expiresAt", value: new Date(), operator: "gt" as const },
  ];
  const session = await context.adapter.findOne<SessionRow>({ model: "session", where });
  return session !== null && JSON.stringify(await actingIn(context, session)) === JSON.stringify(who.memberships);
};
