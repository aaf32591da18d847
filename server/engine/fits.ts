import { createHash } from "node:crypto";
import { HOUSE } from "../../shared/journey/touch.ts";
import type { Fit } from "../../shared/judge/fit.ts";
import { mint } from "../../shared/kit/id.ts";

/** `fit/{hash}`: frozen weights, under the hash that terms name them by. */
export interface FitDoc {
  readonly hash: string;
  readonly campaign: string;
  readonly fittedAt: number;
  readonly fit: Fit;
}

/**
 * What a campaign's fits call an influencer, or the house: the same in all of them, and nothing by which the influencer
 * could be known elsewhere, so that whoever is a party to a contract may see a fit whole.
 */
export const payeeName = (campaign: string, payee: string): string =>
  payee === HOUSE ? HOUSE : mint("payee", createHash("sha256").update(`${campaign} ${payee}`).digest());
