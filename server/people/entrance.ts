import { hash, randomBytes, randomUUID } from "node:crypto";
import { ok, present, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import type { BrandRow, Context, InfluencerRow, MemberRow, UserRow } from "./tables.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long an invitation waits for its influencer. */
const INVITATION_MS = 14 * DAY_MS;

/** Something to hand to a person: whoever brings `token` back before `expiresAt` comes in, once. */
export interface Ticket {
  readonly token: string;
  readonly expiresAt: number;
}

/** What an invitation says to whoever holds it. */
export interface Invitation {
  readonly brand: string;
  readonly brandName: string;
  readonly influencer: string;
  readonly name: string;
  readonly expiresAt: number;
}

/** Why a ticket lets nobody in. The first does not tell apart used, expired and never issued. */
export type NoEntry = Refusal<"ticket-not-usable" | "already-a-member">;

/** The one answer to a ticket that lets nobody in. */
export const unusable = refuse(
  "ticket-not-usable",
  "This link was already used, has expired or was never issued. Ask whoever sent it for a new one.",
);

const digest = (token: string): string => hash("sha256", token, "base64url");
const newToken = (): string => randomBytes(32).toString("base64url");
const linkName = (token: string): string => `one-time-link:${digest(token)}`;

/** A page of ours: one slash, then no second one, so that a link can never lead to another site. */
const isOurPath = (path: string): boolean => /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}$/.test(path);

interface Link {
  readonly user: string;
  readonly path: string;
  /** For which of their brands they then act; the first where it names none. */
  readonly brand?: string | undefined;
}

/** Writes a link that signs somebody in and then shows `path`. Only a digest of its token is kept. */
export const writeLink = async (context: Context, link: Link, forMs: number): Promise<Ticket> => {
  const { path } = link;
  if (!isOurPath(path)) throw new Error(`A one-time link leads to a page of ours, such as "/", not to ${path}`);
  const token = newToken();
  const expiresAt = Date.now() + forMs;
  await context.internalAdapter.createVerificationValue({
    identifier: linkName(token),
    value: JSON.stringify(link),
    expiresAt: new Date(expiresAt),
  });
  return { token, expiresAt };
};

/** Uses a link up. */
export const useLink = async (
  context: Context,
  token: string,
): Promise<Result<{ user: UserRow; path: string; brand: string | undefined }, NoEntry>> => {
  const found = await context.internalAdapter.consumeVerificationValue(linkName(token));
  if (!found) return unusable;
  const { user: id, path, brand }: Link = JSON.parse(found.value);
  const user = await context.internalAdapter.findUserById(id);
  return user ? ok({ user, path, brand }) : unusable;
};

/** Writes an invitation on the influencer's card; an earlier one stops working. */
export const writeInvitation = async (context: Context, card: InfluencerRow): Promise<Ticket> => {
  const token = newToken();
  const expiresAt = Date.now() + INVITATION_MS;
  await context.adapter.update({
    model: "influencer",
    where: [{ field: "id", value: card.id }],
    update: { inviteHash: digest(token), inviteExpiresAt: new Date(expiresAt) },
  });
  return { token, expiresAt };
};

const cardOf = async (context: Context, token: string): Promise<InfluencerRow | undefined> => {
  const where = [{ field: "inviteHash", value: digest(token) }];
  const card = await context.adapter.findOne<InfluencerRow>({ model: "influencer", where });
  return card?.inviteExpiresAt && card.inviteExpiresAt.getTime() > Date.now() ? card : undefined;
};

/** Reads an invitation without using it up. */
export const readInvitation = async (context: Context, token: string): Promise<Result<Invitation, NoEntry>> => {
  const card = await cardOf(context, token);
  if (!card?.inviteExpiresAt) return unusable;
  const where = [{ field: "id", value: card.brandId }];
  const brand = present(
    await context.adapter.findOne<BrandRow>({ model: "organization", where }),
    "the inviting brand",
  );
  return ok({
    brand: brand.id,
    brandName: brand.name,
    influencer: card.influencerId,
    name: card.name,
    expiresAt: card.inviteExpiresAt.getTime(),
  });
};

/** Two people may bring the same invitation at once: the one whose update still finds the digest is the one it admits. */
const useUp = (context: Context, card: InfluencerRow): Promise<InfluencerRow | null> =>
  context.adapter.incrementOne<InfluencerRow>({
    model: "influencer",
    where: [
      { field: "id", value: card.id },
      { field: "inviteHash", value: present(card.inviteHash, "the invitation's digest") },
    ],
    increment: {},
    set: { inviteHash: null, inviteExpiresAt: null },
  });

/**
 * Uses an invitation up. It admits `me`, when somebody signed in asks for that, or else a new person: the address on an
 * invitation is never looked up, for whoever writes an invitation could then come in as somebody else.
 */
export const useInvitation = async (
  context: Context,
  token: string,
  me: UserRow | undefined,
): Promise<Result<{ user: UserRow; brand: string; influencer: string }, NoEntry>> => {
  const card = await cardOf(context, token);
  if (!card) return unusable;
  if (me && (await isMember(context, me.id, card.brandId)))
    return refuse(
      "already-a-member",
      "You already belong to this brand. Accept the invitation as a new person instead.",
    );
  if (!(await useUp(context, card))) return unusable;
  const user = me ?? (await newPerson(context, card));
  await seat(context, user.id, card);
  return ok({ user, brand: card.brandId, influencer: card.influencerId });
};

const isMember = async (context: Context, user: string, brand: string): Promise<boolean> => {
  const where = [
    { field: "userId", value: user },
    { field: "organizationId", value: brand },
  ];
  return (await context.adapter.findOne<MemberRow>({ model: "member", where })) !== null;
};

const newPerson = (context: Context, card: InfluencerRow): Promise<UserRow> =>
  context.internalAdapter.createUser(
    {
      name: card.name,
      email: `${randomUUID()}@people.invalid`,
      emailVerified: false,
      contact: card.email ?? null,
    },
    { method: "invitation" },
  );

/** An influencer is one person at a time: whoever sat here before loses the seat, and so notices. */
const seat = async (context: Context, user: string, card: InfluencerRow): Promise<void> => {
  const where = [
    { field: "organizationId", value: card.brandId },
    { field: "influencerId", value: card.influencerId },
  ];
  await context.adapter.deleteMany({ model: "member", where });
  await context.adapter.create({
    model: "member",
    data: {
      organizationId: card.brandId,
      userId: user,
      role: "influencer",
      influencerId: card.influencerId,
      createdAt: new Date(),
    },
  });
};
