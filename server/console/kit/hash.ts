import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { signedText, type Terms } from "../../../shared/contract/terms.ts";

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The SHA-256 of the text both sides sign, computed here. Nothing where the browser cannot (a page without https). */
const termsHashOf = async (terms: Terms): Promise<string | null> => {
  if (!globalThis.crypto?.subtle) return null;
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(signedText(terms))));
};

/** What became of comparing terms with the hash they are said to have. `unknown` while computing, or where it cannot be. */
export type HashCheck = "unknown" | "same" | "other";

/** Compare terms with their hash, in this browser. */
export const useHashCheck = (terms: Terms, termsHash: string): HashCheck => {
  const check = useSignal<HashCheck>("unknown");
  useEffect(() => {
    let here = true;
    void termsHashOf(terms).then((own) => {
      if (here && own !== null) check.value = own === termsHash ? "same" : "other";
    });
    return () => {
      here = false;
    };
  }, [terms, termsHash]);
  return check.value;
};
