import * as v from "valibot";
import { declineReasons, noticeReasons } from "./contract/contract.ts";
import { signEvidence } from "./contract/record.ts";
import { TermsSchema } from "./contract/terms.ts";
import { at, day, fact, hash, id, party, version } from "./fact.kit.ts";

const contract = id;
const wording = v.pipe(v.string(), v.maxLength(60));
const put = { contract, version, by: party, terms: TermsSchema, termsHash: hash, at, expiresAt: at, wording };
const year = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Facts of a contract's life. */
export const contractFacts = [
  fact("contract-drafted", { contract, campaign: id, influencer: id, version, terms: TermsSchema, termsHash: hash }),
  /** `wording` is the version of the text that both read and sign. */
  fact("contract-offered", {
    contract,
    version,
    at: v.optional(at),
    expiresAt: v.optional(at),
    wording: v.optional(wording),
  }),
  /** Other terms in place of those on the table: signatures start anew. */
  fact("contract-countered", put),
  /** New terms for a contract that runs, from the day they start on if both sign them. */
  fact("contract-amendment-proposed", put),
  fact("contract-signed", {
    contract,
    version,
    by: party,
    termsHash: hash,
    consent: v.string(),
    wording: v.optional(v.string()),
    ...signEvidence,
  }),
  fact("contract-started", { contract, version, at: v.optional(at) }),
  /** Both have signed an amendment. */
  fact("contract-amended", { contract, version, at }),
  fact("contract-declined", { contract, version, by: party, reason: v.picklist(declineReasons) }),
  fact("contract-withdrawn", { contract, version, by: party }),
  fact("contract-expired", { contract, version }),
  /** Both sides were reminded that what is on the table expires in `hours`. */
  fact("contract-reminded", { contract, version, hours: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  /** `asked`: the last day asked for. `lastDay`: the one this notice brings about by itself; null when the terms end sooner. */
  fact("contract-notice-given", {
    contract,
    by: party,
    asked: day,
    lastDay: v.nullable(day),
    at,
    reason: v.optional(v.picklist(noticeReasons)),
  }),
  /** The other side agreed to the day that was asked for. */
  fact("contract-notice-agreed", { contract, by: party, lastDay: day }),
  fact("contract-terminated", { contract, lastDay: day }),
  fact("contract-completed", { contract }),
  /** A contract has run for `year` years. */
  fact("contract-review-due", { contract, year }),
  fact("contract-reviewed", { contract, by: party, year }),
] as const;
