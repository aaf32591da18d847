import type { AuthContext } from "better-auth";

/**
 * The models of the sign-in library as we use them. Their tables share a file with the store, so each is called `people_…`;
 * names and e-mail addresses are written in these tables and nowhere else.
 */
export const tables = {
  user: "people_user",
  session: "people_session",
  account: "people_account",
  verification: "people_verification",
  organization: "people_brand",
  member: "people_member",
  invitation: "people_invitation",
  deviceCode: "people_device",
  apikey: "people_key",
  influencer: "people_influencer",
  passkey: "people_passkey",
} as const;

/** The library's way to its tables. Never a transaction: see `withoutTransactions`. */
export interface Context {
  /** Signs cookies, tokens and challenges. */
  readonly secret: string;
  /** Where the library's routes hang; its origin is the one people reach the server at. */
  readonly baseURL: string;
  readonly internalAdapter: AuthContext["internalAdapter"];
  readonly adapter: Pick<
    AuthContext["adapter"],
    "create" | "findOne" | "findMany" | "update" | "updateMany" | "delete" | "deleteMany" | "incrementOne" | "count"
  >;
}

/** A person who can sign in. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  /** Ours alone to set: an address somebody vouched for, or a placeholder under `.invalid`. */
  readonly email: string;
  /** What an invitation said or the person typed. Nobody proved it, so it never identifies anybody. */
  readonly contact?: string | null | undefined;
}

/** A browser or an extension that is signed in. */
export interface SessionRow {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly client?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
  /** For which of their brands an owner of several acts in it. */
  readonly activeOrganizationId?: string | null | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}

/** What a person may do in one brand. There is one row for a person in a brand, and one person for an influencer. */
export interface MemberRow {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: string;
  readonly influencerId?: string | null | undefined;
}

/** A brand, by its name. */
export interface BrandRow {
  readonly id: string;
  readonly name: string;
}

/** How a brand calls one of its influencers, with the invitation that is open, if any. */
export interface InfluencerRow {
  readonly id: string;
  readonly brandId: string;
  readonly influencerId: string;
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly inviteHash?: string | null | undefined;
  readonly inviteExpiresAt?: Date | null | undefined;
}

/** A key of a brand's server. */
export interface KeyRow {
  readonly id: string;
  readonly referenceId: string;
  readonly name?: string | null | undefined;
  readonly start?: string | null | undefined;
  readonly key: string;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly lastRequest?: Date | null | undefined;
}

/** A public key whose private half an authenticator of this person keeps. */
export interface PasskeyRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly credentialId: string;
  /** In base64url, as COSE writes keys. */
  readonly publicKey: string;
  /** How often it was used, as the authenticator says; many always say 0. */
  readonly counter: number;
  /** How the authenticator can be reached, joined by commas. */
  readonly transports: string;
  /** The host name it is bound to. */
  readonly rpId: string;
  readonly createdAt: Date;
  readonly lastUsedAt?: Date | null | undefined;
}

const text = { type: "string", required: true } as const;
const maybeText = { type: "string", required: false, input: false } as const;

/** What we add to the library's own columns. */
export const additions = {
  user: { contact: maybeText },
  session: { client: maybeText },
  member: { influencerId: maybeText },
  influencer: {
    modelName: tables.influencer,
    fields: {
      brandId: { ...text, references: { model: "organization", field: "id", onDelete: "cascade" } },
      influencerId: text,
      name: text,
      email: maybeText,
      inviteHash: { ...maybeText, unique: true },
      inviteExpiresAt: { type: "date", required: false, input: false },
    },
    indexes: [{ fields: ["brandId", "influencerId"], unique: true }],
  },
  passkey: {
    modelName: tables.passkey,
    fields: {
      userId: { ...text, references: { model: "user", field: "id", onDelete: "cascade" }, index: true },
      name: text,
      credentialId: { ...text, unique: true },
      publicKey: text,
      counter: { type: "number", required: true },
      transports: text,
      rpId: text,
      createdAt: { type: "date", required: true },
      lastUsedAt: { type: "date", required: false, input: false },
    },
  },
} as const;
