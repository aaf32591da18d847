import type { Terms } from "../contract/terms.ts";
import type { Stage } from "../pay/chart.ts";
import type { Grade } from "./quality.ts";

/** How a conversion reached us: seen by a page, reported by the brand's server, or brought in as history. */
export type Via = "page" | "server" | "import";

/** What is known about one conversion under one contract. */
export interface Known {
  readonly terms: Terms;
  readonly result: string;
  readonly via: Via;
  readonly currency: string | undefined;
  readonly grade: Grade;
  readonly approvedByBrand: boolean;
  readonly rejectedByBrand: boolean;
  readonly approvedBySilence: boolean;
  readonly released: boolean;
}

/** Whether a conversion counts under a contract, and how far its money has got. */
export interface Standing {
  readonly state: "counted" | "pending" | "rejected";
  readonly stage: Stage | "rejected";
  readonly because: string;
}

const rejected = (because: string): Standing => ({ state: "rejected", stage: "rejected", because });
const pending = (because: string): Standing => ({ state: "pending", stage: "accrued", because });

const stageOf = ({ approvedByBrand, approvedBySilence, released }: Known): Stage => {
  if (!approvedByBrand && !approvedBySilence) return "validated";
  return released ? "payable" : "approved";
};

const counts = (known: Known, because: string): Standing => ({ state: "counted", stage: stageOf(known), because });

const verified = (known: Known): Standing => {
  if (known.grade.verdict === "reject") return rejected("lead-rejected");
  if (known.grade.verdict === "accept") return counts(known, "lead-accepted");
  return pending(known.grade.verdict === "retry" ? "lead-check-unanswered" : "lead-under-review");
};

const confirmed = (known: Known): Standing => {
  if (known.via !== "page") return counts(known, `confirmed-by-${known.via}`);
  return known.approvedBySilence ? counts(known, "approved-by-silence") : pending("not-confirmed");
};

/**
 * Does a conversion count under a contract? What a page alone saw never counts by itself: it takes an accepted lead
 * grade, a server key, an import, the brand's approval, or (unless a check is still open) its silence. The brand's word
 * overrides a lead's grade, both ways.
 */
export const standing = (known: Known): Standing => {
  const proof = Object.hasOwn(known.terms.results, known.result) ? known.terms.results[known.result] : undefined;
  if (!proof) return rejected("not-in-terms");
  if (known.rejectedByBrand) return rejected("rejected-by-brand");
  if (known.approvedByBrand) return counts(known, "approved-by-brand");
  if (known.currency !== undefined && known.currency !== known.terms.currency) return pending("other-currency");
  return proof.counts === "verified" ? verified(known) : confirmed(known);
};

/** May the brand's silence approve this? Never while a check is open, and never what is rejected. */
export const silenceMayApprove = (known: Known): boolean => {
  const { state, because } = standing({ ...known, approvedBySilence: true });
  return known.terms.timing.silence === "approve" && state === "counted" && because !== "rejected-by-brand";
};
