import type { Terms } from "../../shared/contract/terms.ts";
import type { FactOf } from "../../shared/fact.ts";
import type { Known } from "../../shared/judge/standing.ts";
import { present } from "../../shared/kit/shape.ts";
import { type Book, known } from "./book.ts";
import type { ContractDoc, ConversionDoc } from "./shapes.ts";

/** What one contract has of a conversion by its verdict. */
export type Part = FactOf<"conversion-judged">["parts"][number];

/** The terms a conversion is judged by under a contract: the version its verdict names. */
export const termsOfPart = ({ versions, terms }: ContractDoc, { version }: Part): Terms =>
  present(versions.find((it) => it.version === version)?.terms ?? terms, "the terms of a running contract");

/** What is known of a conversion under one of its contracts. */
export const knownOf = (doc: ConversionDoc, part: Part, terms: Terms): Known => ({
  terms,
  result: doc.recorded.result,
  via: doc.recorded.via,
  currency: doc.recorded.valueMinor === undefined ? undefined : doc.recorded.currency,
  grade: part.grade,
  approvedByBrand: doc.approved,
  rejectedByBrand: doc.rejected !== null,
  approvedBySilence: doc.matured[part.contract]?.approvedAt !== undefined,
  released: doc.matured[part.contract]?.payableAt !== undefined,
});

/**
 * Is what one contract asks for as a proof of a result not there: an accepted or open check, or another word than a page's,
 * or the brand's silence?
 */
const failsAs = (
  { counts: proof }: Terms["results"][string],
  { grade: { verdict } }: Pick<Part, "grade">,
  { via }: ConversionDoc["recorded"],
  isSilent: boolean,
): boolean => (proof === "confirmed" ? via === "page" && !isSilent : verdict === "reject" || verdict === "retry");

/**
 * Did a conversion come to nothing, as far as is known: what a machine sent, a lead that is refused or not to be checked, or what a page alone
 * tells where a confirmation is asked for, under every contract that has a part in it? The brand's word overrides it, both
 * ways.
 */
export const isVoid = async (book: Book, doc: ConversionDoc): Promise<boolean> => {
  const { recorded, verdict } = doc;
  if (doc.approved || doc.rejected) return !doc.approved;
  if (recorded.robot || !verdict) return recorded.robot;
  const failures: boolean[] = [];
  for (const part of verdict.parts) {
    const { results } = termsOfPart(await known<ContractDoc>(book, `contract/${part.contract}`), part);
    const proof = Object.hasOwn(results, recorded.result) ? results[recorded.result] : undefined;
    const isSilent = doc.matured[part.contract]?.approvedAt !== undefined;
    if (proof) failures.push(failsAs(proof, part, recorded, isSilent));
  }
  if (failures.length > 0) return failures.every((fails) => fails);
  return recorded.via === "page" && failsAs({ counts: "verified" }, verdict, recorded, false);
};
