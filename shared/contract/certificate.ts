import { canonical } from "../kit/canonical.ts";
import type { Check, VerifySeal } from "./recheck.ts";
import type { Seal } from "./record.ts";

/** A certificate taken apart: what its seal covers, the seal, and the bytes of the bundle it carries; what was not found is missing. */
export interface Certificate {
  readonly sealed: Uint8Array;
  readonly seal?: Seal;
  readonly bundle?: Uint8Array;
}

const MARK = "%makegood-seal-1 ";
const LINE = /^%makegood-seal-1 ([0-9a-f]{64}) ([0-9a-f]{128})\n$/;
const LINE_LENGTH = MARK.length + 64 + 1 + 128 + 1;
const BUNDLE = '{"format":"makegood-contract-1",';
const NEW_LINE = 10;

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

const foundAt = (bytes: Uint8Array, text: string): number => {
  const wanted = Array.from(text, (letter) => letter.charCodeAt(0));
  for (let at = bytes.indexOf(wanted[0] ?? 0); at !== -1; at = bytes.indexOf(wanted[0] ?? 0, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
};

/** Is this a PDF at all? */
export const isPdf = (bytes: Uint8Array): boolean => latin(bytes.subarray(0, 5)) === "%PDF-";

/** What a seal over a whole PDF is made over, from the SHA-256 of its bytes in hexadecimal. */
export const certificateText = (bytesHash: string): string => canonical(["makegood-certificate-1", bytesHash]);

/** The last line of a sealed PDF: to its readers a comment, to ours the seal over all before it. */
export const sealLine = ({ key, signature }: Seal): string => `${MARK}${key} ${signature}\n`;

/**
 * Take a PDF apart. The bundle lies in it as it is, on one line: its canonical text neither compressed nor encoded, so that
 * no PDF reader is needed to find it.
 */
export const readCertificate = (bytes: Uint8Array): Certificate => {
  const end = Math.max(0, bytes.length - LINE_LENGTH);
  const line = LINE.exec(latin(bytes.subarray(end)));
  const start = foundAt(bytes, BUNDLE);
  const [, key = "", signature = ""] = line ?? [];
  const stop = start === -1 ? -1 : bytes.indexOf(NEW_LINE, start);
  return {
    sealed: line ? bytes.subarray(0, end) : bytes,
    ...(line && { seal: { key, signature } }),
    ...(stop !== -1 && { bundle: bytes.subarray(start, stop) }),
  };
};

const otherPages = "Read the contract here, and not on the PDF's pages, which may say something else.";

/** Are the PDF's pages, to the last byte, as they were sealed? `bytesHash` is the SHA-256 of what the seal covers. */
export const checkPages = async ({ seal }: Certificate, bytesHash: string, verify: VerifySeal): Promise<Check> => {
  if (!seal) return { name: "pages", state: "failed", because: `The PDF does not end with a seal. ${otherPages}` };
  const good = await verify(seal.key, certificateText(bytesHash), seal.signature);
  if (good === undefined)
    return { name: "pages", state: "unknown", because: `The PDF's own seal could not be checked here. ${otherPages}` };
  return good
    ? { name: "pages", state: "ok", because: "The PDF's pages are, to the last byte, as they were sealed." }
    : { name: "pages", state: "failed", because: `The PDF was changed after it was sealed. ${otherPages}` };
};
