import { hash } from "node:crypto";
import type { Auth } from "./auth.ts";
import type { KeyRow } from "./tables.ts";

const TRUST_MS = 5_000;
const TOUCH_MS = 60_000;
const REMEMBERED = 10_000;
const LISTED = 1_000;

/** What a server's secret key starts with. */
export const SECRET_KEY_PREFIX = "sk_";

/** A brand's server, known by its key. */
export interface Server {
  readonly kind: "server";
  readonly brand: string;
  /** The id of the key, which is no secret. */
  readonly key: string;
}

/** A secret key as a list shows it; the key itself was shown once, when it was made. */
export interface SecretKey {
  readonly id: string;
  readonly name: string;
  /** Its first letters, to tell it from others. */
  readonly start: string;
  readonly createdAt: number;
  /** To the minute. */
  readonly lastUsedAt: number | undefined;
}

/** The secret keys of all brands. */
export interface Keys {
  add(brand: string, name: string, by: string): Promise<{ readonly id: string; readonly key: string }>;
  list(brand: string): Promise<readonly SecretKey[]>;
  revoke(brand: string, id: string): Promise<boolean>;
  holder(key: string): Promise<Server | undefined>;
}

interface Remembered {
  readonly server: Server;
  readonly until: number;
}

const shown = (row: KeyRow): SecretKey => ({
  id: row.id,
  name: row.name ?? "",
  start: row.start ?? "",
  createdAt: row.createdAt.getTime(),
  lastUsedAt: row.lastRequest?.getTime(),
});

/**
 * The library's own check writes a row for every request. We look the digest up ourselves, remember the answer for some
 * seconds, and note the use of a key once a minute.
 */
export const openKeys = ({ context: { adapter }, newKey }: Auth): Keys => {
  const remembered = new Map<string, Remembered>();
  let revocations = 0;

  const find = async (digest: string): Promise<KeyRow | undefined> => {
    const row = await adapter.findOne<KeyRow>({ model: "apikey", where: [{ field: "key", value: digest }] });
    return row?.enabled ? row : undefined;
  };

  const tried = new Map<string, number>();

  const touch = async (row: KeyRow): Promise<void> => {
    const lastRequest = new Date();
    const last = Math.max(row.lastRequest?.getTime() ?? 0, tried.get(row.id) ?? 0);
    if (lastRequest.getTime() - last < TOUCH_MS) return;
    // Noted before it is done: where the disk does not answer, this must not be tried again with every request.
    tried.set(row.id, lastRequest.getTime());
    await adapter.update({ model: "apikey", where: [{ field: "id", value: row.id }], update: { lastRequest } });
  };

  const remember = (digest: string, server: Server): void => {
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(digest, { server, until: Date.now() + TRUST_MS });
  };

  const forget = (id: string): void => {
    revocations += 1;
    for (const [digest, { server }] of remembered) if (server.key === id) remembered.delete(digest);
  };

  return {
    add: newKey,
    list: async (brand) => {
      const where = [{ field: "referenceId", value: brand }];
      const sortBy = { field: "createdAt", direction: "asc" } as const;
      return (await adapter.findMany<KeyRow>({ model: "apikey", where, sortBy, limit: LISTED })).map(shown);
    },
    revoke: async (brand, id) => {
      const where = [
        { field: "id", value: id },
        { field: "referenceId", value: brand },
      ];
      const gone = await adapter.deleteMany({ model: "apikey", where });
      if (gone > 0) forget(id);
      return gone > 0;
    },
    holder: async (key) => {
      const digest = hash("sha256", key, "base64url");
      const known = remembered.get(digest);
      if (known && known.until > Date.now()) return known.server;
      const revocationsBefore = revocations;
      const row = await find(digest);
      if (!row) return undefined;
      // That the hour of its use could not be noted is no reason to turn a good key away.
      await touch(row).catch(() => {});
      const server: Server = { kind: "server", brand: row.referenceId, key: row.id };
      if (revocations === revocationsBefore) remember(digest, server);
      return server;
    },
  };
};
