import { type Bundle, readBundle } from "../../../shared/contract/bundle.ts";
import { type Certificate, checkPages, isPdf, readCertificate } from "../../../shared/contract/certificate.ts";
import { type Check, recheck } from "../../../shared/contract/recheck.ts";
import { knock } from "../../../shared/wire/knock.ts";
import { sealKeys } from "../../../shared/wire/seal.ts";
import { canHash, digest, digestBytes, verifySeal } from "./platform.ts";

const MOST_BYTES = 20 * 1024 * 1024;

/** Whose the sealing keys are, as far as this server can say. */
export type Keys = "ours" | "others" | "unreachable";

/** What became of a file: why it cannot be checked, or what is in it and how that stands. */
export type Outcome =
  | { readonly state: "refused"; readonly name: string; readonly because: string }
  | {
      readonly state: "read";
      readonly name: string;
      readonly bundle: Bundle;
      readonly checks: readonly Check[];
      readonly keys: Keys;
    };

const keysOf = async (used: readonly string[]): Promise<Keys> => {
  const answer = await knock((url, init) => fetch(url, init), location.origin, sealKeys);
  if (!answer.ok) return "unreachable";
  const known = answer.value.keys.map(({ hex }) => hex);
  return used.every((key) => known.includes(key)) ? "ours" : "others";
};

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const ofPages = async (it: Certificate): Promise<Check> => checkPages(it, await digestBytes(it.sealed), verifySeal);

const noBundle =
  "No contract can be found inside this PDF. Take the certificate exactly as it was downloaded, not printed or saved anew, or use the file makegood-contract.json.";

/** Read a file and check everything in it, here. The one thing asked of the server is which keys are its own. */
export const readFile = async (file: File): Promise<Outcome> => {
  const refused = (because: string): Outcome => ({ state: "refused", name: file.name, because });
  if (!canHash())
    return refused(
      "This browser computes hashes only on pages that came over https. Open this page by its https address.",
    );
  if (file.size > MOST_BYTES) return refused("This file is too large to be a signed contract of Makegood.");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pdf = isPdf(bytes) ? readCertificate(bytes) : undefined;
  if (pdf && !pdf.bundle) return refused(noBundle);
  const text = decoded(pdf?.bundle ?? bytes);
  if (text === undefined)
    return refused("This file is neither a PDF nor text, so it is no signed contract of Makegood.");
  const read = readBundle(text);
  if (!read.ok) return refused(read.refusal.because);
  const bundle = read.value;
  const pages = pdf ? [await ofPages(pdf)] : [];
  const checks = [...pages, ...(await recheck(bundle, digest, verifySeal))];
  const used = [...bundle.signatures.map(({ seal }) => seal.key), ...(pdf?.seal ? [pdf.seal.key] : [])];
  return { state: "read", name: file.name, bundle, checks, keys: await keysOf(used) };
};
