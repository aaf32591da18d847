import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { signedText, type Terms } from "../../../shared/contract/terms.ts";

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The SHA-256 of a text, computed here. Nothing where the browser cannot (a page without https). */
const hashOf = async (text: string): Promise<string | null> => {
  if (!globalThis.crypto?.subtle) return null;
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
};

/** What became of comparing terms with the hash they are said to have. `unknown` while computing, or where it cannot be. */
export type HashCheck = "unknown" | "same" | "other";

/** Compare a text with its hash, in this browser. */
export const useTextCheck = (text: string, hash: string): HashCheck => {
  const check = useSignal<HashCheck>("unknown");
  useEffect(() => {
    let here = true;
    void hashOf(text).then((own) => {
      if (here && own !== null) check.value = own === hash ? "same" : "other";
    });
    return () => {
      here = false;
    };
  }, [text, hash]);
  return check.value;
};

/** Compare terms with their hash, in this browser. */
export const useHashCheck = (terms: Terms, termsHash: string): HashCheck => useTextCheck(signedText(terms), termsHash);
