import type { DatabaseSync } from "node:sqlite";
import type { Result } from "../../shared/kit/shape.ts";
import { ADDRESS_HEADER, type Auth, type AuthOptions, type Entered, openAuth, type Seat } from "./auth.ts";
import { type Invitation, type NoEntry, readInvitation, type Ticket, writeInvitation, writeLink } from "./entrance.ts";
import { type Keyring, openKeyring } from "./keyring.ts";
import { type Keys, openKeys, type SecretKey } from "./keys.ts";
import * as names from "./names.ts";
import { isOpen } from "./routes.ts";
import { actFor, endSession, type Session, sessionsOf } from "./sessions.ts";
import { isStill, membershipsOf, type Who, whoSent } from "./who.ts";

const MINUTE_MS = 60_000;
const LINK_MINUTES = 30;

/** Everything the server asks about who is knocking. Names and e-mail addresses are kept here and nowhere else. */
export interface People extends Keyring {
  /** Answers the open routes under `/api/auth`; `address` is the caller's network address, for the rate limits. */
  handler(request: Request, address?: string): Promise<Response>;
  /** Who sent a request with these headers; undefined when nobody we know. */
  whoIs(headers: Headers): Promise<Who | undefined>;
  /** Whether they still are who they were: for whoever goes on listening after they were let in. It is no visit. */
  isStill(who: Who): Promise<boolean>;

  /** Writes a brand and its owner down; again is harmless. */
  openBrand(brand: names.NewBrand): Promise<{ readonly userId: string }>;
  /** A link that signs a person in, once; undefined when nobody is meant. For the operator's eyes only. */
  oneTimeLink(input: LinkWish): Promise<Ticket | undefined>;
  /** Uses a link up, as `POST /api/auth/link/open` does. */
  openLink(token: string, userAgent?: string): Promise<Result<Entered & { readonly path: string }, NoEntry>>;

  /** Invites an influencer for 14 days; an earlier invitation stops working. */
  invite(input: InvitationWish): Promise<Ticket>;
  /** Reads an invitation without using it up. */
  invitation(token: string): Promise<Result<Invitation, NoEntry>>;
  /** Uses an invitation up and makes a new person, as `POST /api/auth/invitation/accept` does. */
  acceptInvitation(token: string, userAgent?: string): Promise<Result<Entered & Seat, NoEntry>>;

  /** Makes a key for a brand's server, on behalf of its owner `by`. The key is shown this once and kept as a digest. */
  newSecretKey(brand: string, name: string, by: string): Promise<{ readonly id: string; readonly key: string }>;
  secretKeys(brand: string): Promise<readonly SecretKey[]>;
  /** Ends a key at once; false when the brand has no such key. */
  revokeSecretKey(brand: string, id: string): Promise<boolean>;

  /** The browsers and paired extensions in which a person is signed in. */
  sessions(userId: string): Promise<readonly Session[]>;
  /** Signs one of them out at once; false when the person has no such session. */
  revokeSession(userId: string, id: string): Promise<boolean>;

  /** The brands a person owns, the first one first. */
  brandsOwned(userId: string): Promise<readonly string[]>;
  /** Has an owner of several brands act for another one of them in one session; false where it is not theirs. */
  actFor(userId: string, session: string, brand: string): Promise<boolean>;

  /** What a person is called; undefined once erased. */
  nameOf(userId: string): Promise<string | undefined>;
  rename(userId: string, name: string): Promise<void>;
  /** Says how a brand calls an influencer, invited or not. */
  nameInfluencer(brand: string, influencer: string, name: string, email?: string): Promise<void>;
  influencers(brand: string): Promise<readonly names.Named[]>;

  /** Erases a person and what brands call them. */
  erase(userId: string): Promise<void>;
  /** Erases what a brand calls an influencer. */
  eraseInfluencer(brand: string, influencer: string): Promise<void>;
}

/**
 * For whom a one-time link is, where it leads, for which of their brands they then act (the first unless said), and for how
 * many minutes it is good (30 unless said).
 */
export type LinkWish = ({ readonly userId: string } | { readonly email: string }) & {
  readonly path: string;
  readonly brand?: string | undefined;
  readonly minutes?: number;
};

/** Who is invited to be which influencer of which brand. */
export interface InvitationWish {
  readonly brand: string;
  readonly influencer: string;
  readonly name: string;
  readonly email?: string;
}

/** What the sign-in room needs: its own connection to the file, where the server is reached, and its secret. */
export interface PeopleOptions {
  readonly database: DatabaseSync;
  readonly baseURL: string;
  readonly secret: string;
  /** Origins besides our own whose pages may change something with our cookie. */
  readonly trustedOrigins?: AuthOptions["trustedOrigins"];
  /** On unless said. */
  readonly rateLimits?: boolean;
}

const closed = (): Response =>
  Response.json(
    { code: "no-such-route", message: "There is nothing here. See the open routes of the sign-in room." },
    { status: 404, headers: { "cache-control": "no-store" } },
  );

/** The bearer plugin repeats a new cookie in a header that scripts can read, which is what HttpOnly is there to prevent. */
const discreet = (response: Response): Response => {
  const headers = new Headers(response.headers);
  headers.delete("set-auth-token");
  headers.delete("access-control-expose-headers");
  headers.set("cache-control", "no-store");
  const wait = headers.get("x-retry-after");
  if (wait !== null) headers.set("retry-after", wait);
  return new Response(response.body, { status: response.status, headers });
};

const answer = async (auth: Auth, request: Request, address: string | undefined): Promise<Response> => {
  if (!isOpen(request.method, new URL(request.url).pathname)) return closed();
  const headers = new Headers(request.headers);
  headers.delete(ADDRESS_HEADER);
  if (address !== undefined) headers.set(ADDRESS_HEADER, address);
  return discreet(await auth.handler(new Request(request, { headers })));
};

const userMeant = async ({ context }: Auth, wish: LinkWish): Promise<string | undefined> => {
  if ("email" in wish) return (await context.internalAdapter.findUserByEmail(wish.email))?.user.id;
  return (await context.internalAdapter.findUserById(wish.userId))?.id;
};

const ownedBy = async (context: Auth["context"], userId: string): Promise<readonly string[]> =>
  (await membershipsOf(context, userId)).filter(({ role }) => role === "owner").map(({ brand }) => brand);

const enter = (auth: Auth, keys: Keys) => {
  const { context } = auth;
  return {
    handler: (request, address) => answer(auth, request, address),
    whoIs: (headers) => whoSent(auth, keys, headers),
    isStill: (who) => isStill(auth, keys, who),
    openBrand: (brand) => names.writeBrand(context, brand),
    oneTimeLink: async (wish) => {
      const { path, brand, minutes = LINK_MINUTES } = wish;
      const user = await userMeant(auth, wish);
      const mayAct = user !== undefined && (brand === undefined || (await ownedBy(context, user)).includes(brand));
      return mayAct ? writeLink(context, { user, path, brand }, minutes * MINUTE_MS) : undefined;
    },
    openLink: auth.openLink,
    invite: async ({ brand, influencer, name, email }) =>
      writeInvitation(context, await names.writeName(context, brand, influencer, name, email)),
    invitation: (token) => readInvitation(context, token),
    acceptInvitation: auth.acceptInvitation,
  } satisfies Partial<People>;
};

const keep = (auth: Auth, keys: Keys) => {
  const { context } = auth;
  return {
    newSecretKey: keys.add,
    secretKeys: keys.list,
    revokeSecretKey: keys.revoke,
    sessions: (userId) => sessionsOf(context, userId),
    revokeSession: (userId, id) => endSession(context, userId, id),
    brandsOwned: (userId) => ownedBy(context, userId),
    actFor: async (userId, session, brand) => {
      const isTheirs = (await ownedBy(context, userId)).includes(brand);
      if (isTheirs) await actFor(context, userId, session, brand);
      return isTheirs;
    },
    nameOf: (userId) => names.nameOf(context, userId),
    rename: (userId, name) => names.rename(context, userId, name),
    nameInfluencer: async (brand, influencer, name, email) => {
      await names.writeName(context, brand, influencer, name, email);
    },
    influencers: (brand) => names.namesIn(context, brand),
    erase: (userId) => names.erasePerson(context, userId),
    eraseInfluencer: (brand, influencer) => names.eraseName(context, brand, influencer),
  } satisfies Partial<People>;
};

/** Opens the sign-in room. The connection stays the caller's to close. */
export const openPeople = async (options: PeopleOptions): Promise<People> => {
  const { database, baseURL, secret, trustedOrigins = [], rateLimits = true } = options;
  const auth = await openAuth({ database, baseURL, secret, trustedOrigins, rateLimits });
  const keys = openKeys(auth);
  return { ...enter(auth, keys), ...keep(auth, keys), ...openKeyring(auth) };
};
