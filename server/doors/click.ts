import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";

const RANDOM_BYTES = 10;
const PAYLOAD_BYTES = 6 + RANDOM_BYTES;
const MAC_BYTES = 12;

const keys = new WeakMap<KeyObject, Map<string, KeyObject>>();

/** The key of one brand for one purpose, derived from the server's own (HKDF-SHA-256), so that no brand's ids fit another. */
export const keyFor = (root: KeyObject, purpose: string, brand: string): KeyObject => {
  const known = keys.get(root) ?? new Map<string, KeyObject>();
  keys.set(root, known);
  const name = `${purpose}|${brand}`;
  const key = known.get(name) ?? createSecretKey(Buffer.from(hkdfSync("sha256", root.export(), "makegood", name, 32)));
  known.set(name, key);
  return key;
};

const HELD = 1024;

/**
 * The random part of one click after another. The system's dice cost more to ask than all else of a click, so they are
 * asked for many at a time; none is ever given twice.
 */
export const clickDice = (bytes: (count: number) => Uint8Array): (() => Uint8Array) => {
  let [held, next] = [new Uint8Array(0), 0];
  return () => {
    if (next + RANDOM_BYTES > held.length) [held, next] = [Uint8Array.from(bytes(HELD * RANDOM_BYTES)), 0];
    next += RANDOM_BYTES;
    return held.subarray(next - RANDOM_BYTES, next);
  };
};

const macOf = (key: KeyObject, link: string, payload: Buffer): Buffer =>
  createHmac("sha256", key).update(`click/1|${link}|`).update(payload).digest().subarray(0, MAC_BYTES);

/** What a click id that is ours says: which link was clicked, and when. The id itself names the touch. */
export interface Click {
  readonly id: string;
  readonly link: string;
  readonly at: number;
}

/** A click id for a link: `code.token`, the token being the instant, ten random bytes and a signature. */
export const mintClick = (root: KeyObject, brand: string, link: string, at: number, random: Uint8Array): Click => {
  const bytes = Buffer.alloc(PAYLOAD_BYTES + MAC_BYTES);
  bytes.writeUIntBE(at, 0, 6);
  bytes.set(random.subarray(0, RANDOM_BYTES), 6);
  bytes.set(macOf(keyFor(root, "click", brand), link, bytes.subarray(0, PAYLOAD_BYTES)), PAYLOAD_BYTES);
  return { id: `${link}.${bytes.toString("base64url")}`, link, at };
};

const isFrom = (mac: Buffer, expected: Buffer): boolean =>
  mac.length === expected.length && timingSafeEqual(mac, expected);

/** Read a click id; nothing when it is not one this server gave for this brand. */
export const readClick = (root: KeyObject, brand: string, text: string): Click | undefined => {
  const [link, token, more] = text.split(".");
  if (!link || !token || more !== undefined || text.length > 160) return undefined;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== PAYLOAD_BYTES + MAC_BYTES || bytes.toString("base64url") !== token) return undefined;
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  if (!isFrom(bytes.subarray(PAYLOAD_BYTES), macOf(keyFor(root, "click", brand), link, payload))) return undefined;
  return { id: text, link, at: payload.readUIntBE(0, 6) };
};
