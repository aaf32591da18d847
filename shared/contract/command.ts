import type { DeclineReason, NoticeReason, Party } from "./contract.ts";
import type { SignEvidence } from "./record.ts";
import type { Terms } from "./terms.ts";

interface Proposing {
  readonly by: Party;
  readonly terms: Terms;
  readonly termsHash: string;
  readonly at: number;
  readonly days?: number | undefined;
}

/** What may be asked of a contract. Time, hashes and evidence are handed in. */
export type ContractCommand =
  | {
      readonly type: "draft";
      readonly contract: string;
      readonly campaign: string;
      readonly influencer: string;
      readonly terms: Terms;
      readonly termsHash: string;
    }
  | { readonly type: "offer"; readonly at: number; readonly days?: number | undefined }
  | (Proposing & { readonly type: "counter" })
  | (Proposing & { readonly type: "amend" })
  | {
      readonly type: "sign";
      readonly by: Party;
      readonly termsHash: string;
      readonly consent: string;
      readonly at: number;
      readonly evidence?: SignEvidence | undefined;
    }
  | { readonly type: "decline"; readonly by: Party; readonly reason: DeclineReason; readonly at: number }
  | { readonly type: "withdraw"; readonly by: Party; readonly at: number }
  | { readonly type: "expire"; readonly version: number; readonly at: number }
  | { readonly type: "remind"; readonly version: number; readonly hours: number; readonly at: number }
  | {
      readonly type: "terminate";
      readonly by: Party;
      readonly lastDay: string;
      readonly at: number;
      readonly reason?: NoticeReason | undefined;
    }
  | { readonly type: "agree"; readonly by: Party; readonly at: number }
  | { readonly type: "complete"; readonly at: number }
  | { readonly type: "ask-review"; readonly year: number; readonly at: number }
  | { readonly type: "review"; readonly by: Party };
