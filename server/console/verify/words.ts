import { type Check, type CheckName, standing } from "../../../shared/contract/recheck.ts";
import type { Keys } from "./reading.ts";

/** What each check is called. */
export const titles: Readonly<Record<CheckName, string>> = {
  pages: "Pages of the PDF",
  terms: "Terms",
  wording: "Text from terms",
  text: "Text",
  parties: "Both signed",
  same: "Same contract",
  order: "Order of times",
  seal: "Seal",
  signer: "Name",
  consent: "Consent",
  chain: "Chain of records",
};

/** Whose key it is, as a thing checked. */
export const keyWords: Readonly<Record<Keys, Pick<Check, "state" | "because">>> = {
  ours: { state: "ok", because: "The seals were made with this server's own key." },
  others: {
    state: "unknown",
    because:
      "This server does not know a key these seals were made with. It may be another server's, or an old one; ask whoever runs the server that made this contract.",
  },
  unreachable: { state: "unknown", because: "This server could not be asked whether the sealing key is its own." },
};

/** How the whole stands, in a word, a tone and a sentence. */
export interface Verdict {
  readonly tone: "good" | "bad" | "warn";
  readonly title: string;
  readonly says: string;
}

/** The verdict over all checks and the key. */
export const verdictOf = (checks: readonly Check[], keys: Keys): Verdict => {
  const failed = checks.filter(({ state }) => state === "failed").length;
  if (failed > 0)
    return {
      tone: "bad",
      title: "Something does not match",
      says:
        failed === 1
          ? "One check failed. It says what was found."
          : `${failed} checks failed. Each says what was found.`,
    };
  if (keys !== "ours")
    return {
      tone: "warn",
      title: "It holds together, but whose seal is it?",
      says: keyWords[keys].because,
    };
  return standing(checks) === "ok"
    ? {
        tone: "good",
        title: "Everything matches",
        says: "Both parties signed exactly this, and nothing has changed since.",
      }
    : {
        tone: "warn",
        title: "Nothing is wrong, but not all could be checked",
        says: "What could not be checked is marked below.",
      };
};
