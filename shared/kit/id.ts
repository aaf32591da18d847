import * as v from "valibot";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Bytes as text in Crockford's base 32, lower case: five bits a letter, no letter that looks like another. */
export const base32 = (bytes: Uint8Array, letters: number): string => {
  let [held, bits, text] = [0, 0, ""];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < letters) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
};

/** What each kind of id starts with, so that a stray one tells what it is. */
export const prefixes = {
  brand: "brd",
  campaign: "cmp",
  influencer: "inf",
  contract: "con",
  conversion: "cnv",
  poll: "pol",
  touch: "tch",
  batch: "bat",
  payout: "pay",
  deposit: "dep",
  remittance: "rem",
  writeOff: "wof",
  holdout: "hol",
  payee: "pye",
  dispute: "dsp",
} as const;

/** The things that have ids of our own. */
export type Kind = keyof typeof prefixes;

/** A new id such as `cnv_4h2k…`: 13 random bytes handed in, 100 bits of them used, so ids cannot be guessed. */
export const mint = (kind: Kind, bytes: Uint8Array): string => `${prefixes[kind]}_${base32(bytes, 20)}`;

/** The schema of one kind of id, for doors to parse with. */
export const idOf = (kind: Kind) =>
  v.pipe(v.string(), v.regex(new RegExp(`^${prefixes[kind]}_[0-9a-z]{20}$`), `must be the id of a ${kind}`));
