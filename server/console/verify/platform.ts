import type { VerifySeal } from "../../../shared/contract/recheck.ts";
import type { Digest } from "../../../shared/contract/record.ts";

const encoder = new TextEncoder();

const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Browsers hash and verify only on pages that came over https, or from this machine. */
export const canHash = (): boolean => globalThis.crypto?.subtle !== undefined;

/** SHA-256 of bytes, in hexadecimal, by this browser. */
export const digestBytes = async (bytes: Uint8Array): Promise<string> =>
  hexOf(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));

/** SHA-256 of a text, in hexadecimal, by this browser. */
export const digest: Digest = (text) => digestBytes(encoder.encode(text));

/** Ed25519 came to browsers late (Chrome 137, Firefox 129, Safari 17): one without it says NotSupportedError. */
export const verifySeal: VerifySeal = async (key, text, signature) => {
  try {
    const publicKey = await crypto.subtle.importKey("raw", bytesOf(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", publicKey, bytesOf(signature), encoder.encode(text));
  } catch (error) {
    return error instanceof Error && error.name === "NotSupportedError" ? undefined : false;
  }
};
