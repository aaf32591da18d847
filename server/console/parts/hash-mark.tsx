import type { HashCheck } from "../kit/hash.ts";

interface HashMarkProps {
  readonly termsHash: string;
  readonly check: HashCheck;
}

/** The hash of the terms, and whether this browser found the same. */
export const HashMark = ({ termsHash, check }: HashMarkProps) => (
  <p class="hash" data-testid="terms-hash" data-check={check}>
    <span class="quiet">SHA-256 of the terms</span> <code>{termsHash}</code>{" "}
    {check === "same" && <span class="good-text">✓ computed again in this browser</span>}
    {check === "other" && <strong class="bad-text">✗ these terms have another hash</strong>}
  </p>
);
