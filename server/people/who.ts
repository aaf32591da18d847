import type { Auth } from "./auth.ts";
import { type Keys, SECRET_KEY_PREFIX, type Server } from "./keys.ts";
import { addressOf } from "./names.ts";
import { EXTENSION } from "./routes.ts";
import { noteVisit } from "./sessions.ts";
import type { Context, MemberRow } from "./tables.ts";

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

const membershipsOf = async ({ adapter }: Context, userId: string): Promise<readonly Membership[]> => {
  const where = [{ field: "userId", value: userId }];
  return (await adapter.findMany<MemberRow>({ model: "member", where, limit: LISTED })).flatMap(membershipOf);
};

const personBy = async (auth: Auth, via: Person["via"], header: string): Promise<Person | undefined> => {
  const found = await auth.sessionOf(new Headers({ [via === "cookie" ? "cookie" : "authorization"]: header }));
  if (!found) return undefined;
  const { session, user } = found;
  if ((session.client === EXTENSION) !== (via === "bearer")) return undefined;
  await noteVisit(auth.context, session);
  const memberships = await membershipsOf(auth.context, user.id);
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
