import type { BrandRow, Context, InfluencerRow, MemberRow, UserRow } from "./tables.ts";

const LISTED = 100_000;

/** How a brand calls one of its influencers, and how far their sign-in has come. */
export interface Named {
  readonly influencer: string;
  readonly name: string;
  /** Empty when we know none. */
  readonly email: string;
  /** The person, once the invitation was accepted. */
  readonly userId: string | undefined;
  /** Until when an invitation is open; undefined when none is. */
  readonly invitedUntil: number | undefined;
}

/** A brand as it is opened: under our own id, with the person who answers for it. */
export interface NewBrand {
  readonly id: string;
  readonly name: string;
  readonly owner: { readonly email: string; readonly name: string };
}

/** The address a person can be written to: what they gave, or what somebody vouched for, but no placeholder. */
export const addressOf = (user: UserRow): string => user.contact ?? (user.email.endsWith(".invalid") ? "" : user.email);

const inBrand = (brand: string, influencer: string) => [
  { field: "brandId", value: brand },
  { field: "influencerId", value: influencer },
];

/** Writes a brand and its owner down. Doing it again changes the brand's name and nothing else. */
export const writeBrand = async (context: Context, { id, name, owner }: NewBrand): Promise<{ userId: string }> => {
  const { adapter } = context;
  const byId = [{ field: "id", value: id }];
  if (await adapter.findOne<BrandRow>({ model: "organization", where: byId }))
    await adapter.update({ model: "organization", where: byId, update: { name } });
  else {
    const data = { id, name, slug: id, createdAt: new Date() };
    await adapter.create({ model: "organization", data, forceAllowId: true });
  }
  const userId = await ownerOf(context, owner);
  await makeOwner(context, id, userId);
  return { userId };
};

const ownerOf = async ({ internalAdapter }: Context, owner: NewBrand["owner"]): Promise<string> => {
  const known = await internalAdapter.findUserByEmail(owner.email);
  if (known) return known.user.id;
  return (await internalAdapter.createUser({ ...owner, emailVerified: true }, { method: "operator" })).id;
};

const makeOwner = async ({ adapter }: Context, organizationId: string, userId: string): Promise<void> => {
  const where = [
    { field: "organizationId", value: organizationId },
    { field: "userId", value: userId },
  ];
  const member = await adapter.findOne<MemberRow>({ model: "member", where });
  if (!member)
    await adapter.create({ model: "member", data: { organizationId, userId, role: "owner", createdAt: new Date() } });
  else if (member.role !== "owner")
    throw new Error(`This person is an influencer of ${organizationId} and cannot own it.`);
};

/** Writes down how a brand calls an influencer, and gives back the card it is written on. */
export const writeName = async (
  { adapter }: Context,
  brandId: string,
  influencerId: string,
  name: string,
  email: string | undefined,
): Promise<InfluencerRow> => {
  const where = inBrand(brandId, influencerId);
  const known = await adapter.findOne<InfluencerRow>({ model: "influencer", where });
  const said = { name, ...(email === undefined ? {} : { email }) };
  if (!known) return adapter.create({ model: "influencer", data: { brandId, influencerId, ...said } });
  await adapter.update({ model: "influencer", where: [{ field: "id", value: known.id }], update: said });
  return { ...known, ...said };
};

/** Every influencer of a brand, by name. */
export const namesIn = async ({ adapter }: Context, brand: string): Promise<readonly Named[]> => {
  const where = [{ field: "brandId", value: brand }];
  const sortBy = { field: "name", direction: "asc" } as const;
  const cards = await adapter.findMany<InfluencerRow>({ model: "influencer", where, sortBy, limit: LISTED });
  const ofBrand = [{ field: "organizationId", value: brand }];
  const members = await adapter.findMany<MemberRow>({ model: "member", where: ofBrand, limit: LISTED });
  const people = new Map(members.map((member) => [member.influencerId, member.userId]));
  return cards.map((card) => ({
    influencer: card.influencerId,
    name: card.name,
    email: card.email ?? "",
    userId: people.get(card.influencerId),
    invitedUntil: card.inviteExpiresAt?.getTime(),
  }));
};

/** What a person is called, or undefined once they were erased. */
export const nameOf = async ({ internalAdapter }: Context, userId: string): Promise<string | undefined> => {
  const user: UserRow | null = await internalAdapter.findUserById(userId);
  return user?.name;
};

const seatsOf = async ({ adapter }: Context, userId: string): Promise<readonly MemberRow[]> => {
  const where = [{ field: "userId", value: userId }];
  return adapter.findMany<MemberRow>({ model: "member", where, limit: LISTED });
};

/** The name a person gives himself is the one every brand sees. */
export const rename = async (context: Context, userId: string, name: string): Promise<void> => {
  await context.internalAdapter.updateUser(userId, { name });
  for (const seat of await seatsOf(context, userId))
    if (seat.influencerId) await writeName(context, seat.organizationId, seat.influencerId, name, undefined);
};

/** Erases what a brand calls an influencer, with any open invitation. */
export const eraseName = async ({ adapter }: Context, brand: string, influencer: string): Promise<void> => {
  await adapter.deleteMany({ model: "influencer", where: inBrand(brand, influencer) });
};

/** Erases a person: name, addresses, sessions, passkeys, paired extensions and memberships. Keys of a brand's servers stay the brand's. */
export const erasePerson = async (context: Context, userId: string): Promise<void> => {
  for (const seat of await seatsOf(context, userId))
    if (seat.influencerId) await eraseName(context, seat.organizationId, seat.influencerId);
  await context.adapter.deleteMany({ model: "deviceCode", where: [{ field: "userId", value: userId }] });
  await context.adapter.deleteMany({ model: "passkey", where: [{ field: "userId", value: userId }] });
  await context.internalAdapter.deleteUser(userId);
};
