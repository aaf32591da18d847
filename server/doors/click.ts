import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";

const RANDOM_BYTES = 10;
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
  const payload = Buffer.alloc(6 + RANDOM_BYTES);
  payload.writeUIntBE(at, 0, 6);
  payload.set(random.subarray(0, RANDOM_BYTES), 6);
  const mac = macOf(keyFor(root, "click", brand), link, payload);
  return { id: `${link}.${Buffer.concat([payload, mac]).toString("base64url")}`, link, at };
};

const isFrom = (mac: Buffer, expected: Buffer): boolean =>
  mac.length === expected.length && timingSafeEqual(mac, expected);

/** Read a click id; nothing when it is not one this server gave for this brand. */
export const readClick = (root: KeyObject, brand: string, text: string): Click | undefined => {
  const [link, token, more] = text.split(".");
  if (!link || !token || more !== undefined || text.length > 160) return undefined;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== 6 + RANDOM_BYTES + MAC_BYTES || bytes.toString("base64url") !== token) return undefined;
  const payload = bytes.subarray(0, 6 + RANDOM_BYTES);
  if (!isFrom(bytes.subarray(6 + RANDOM_BYTES), macOf(keyFor(root, "click", brand), link, payload))) return undefined;
  return { id: text, link, at: payload.readUIntBE(0, 6) };
};
