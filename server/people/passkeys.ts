import { partyOf } from "./party.ts";
import type { Context, PasskeyRow } from "./tables.ts";

/** As many passkeys as one person can have. */
export const MOST_PASSKEYS = 20;

/** A passkey as its owner sees it. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  /** The host name it works under. */
  readonly host: string;
  /** Whether this server is reached by that name now. */
  readonly usable: boolean;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
}

/** Where passkeys are bound to now; undefined where none can work. */
const hostNow = ({ baseURL }: Context): string | undefined => {
  const party = partyOf(baseURL);
  return party.ok ? party.value.rpId : undefined;
};

/** A passkey without its key. */
export const shown = (context: Context, row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  host: row.rpId,
  usable: row.rpId === hostNow(context),
  createdAt: row.createdAt.getTime(),
  lastUsedAt: row.lastUsedAt?.getTime(),
});

/** All passkeys of a person, the oldest first. */
export const passkeysOf = ({ adapter }: Context, userId: string): Promise<PasskeyRow[]> =>
  adapter.findMany<PasskeyRow>({
    model: "passkey",
    where: [{ field: "userId", value: userId }],
    sortBy: { field: "createdAt", direction: "asc" },
    limit: MOST_PASSKEYS,
  });

/** Those that work under the name by which this server is reached now. One made under another name proves nothing here. */
export const usablePasskeys = async (context: Context, userId: string): Promise<readonly PasskeyRow[]> => {
  const host = hostNow(context);
  return (await passkeysOf(context, userId)).filter(({ rpId }) => rpId === host);
};

const own = (userId: string, id: string) => [
  { field: "id", value: id },
  { field: "userId", value: userId },
];

/** Calls a person's passkey something else; undefined when the person has no such passkey. */
export const renamePasskey = async (
  context: Context,
  userId: string,
  id: string,
  name: string,
): Promise<Passkey | undefined> => {
  const where = own(userId, id);
  await context.adapter.updateMany({ model: "passkey", where, update: { name } });
  const row = await context.adapter.findOne<PasskeyRow>({ model: "passkey", where });
  return row ? shown(context, row) : undefined;
};

/** Whether the person has this passkey. */
export const hasPasskey = async ({ adapter }: Context, userId: string, id: string): Promise<boolean> =>
  (await adapter.findOne<PasskeyRow>({ model: "passkey", where: own(userId, id) })) !== null;

/** Removes a person's passkey; whether there was one. */
export const removePasskey = async ({ adapter }: Context, userId: string, id: string): Promise<boolean> =>
  (await adapter.deleteMany({ model: "passkey", where: own(userId, id) })) > 0;

/** Removes all passkeys of a person, and says how many there were. */
export const forgetPasskeys = ({ adapter }: Context, userId: string): Promise<number> =>
  adapter.deleteMany({ model: "passkey", where: [{ field: "userId", value: userId }] });
