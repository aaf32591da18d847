import type { ContractState } from "../../shared/contract/contract.ts";
import type { FactOf } from "../../shared/fact.ts";
import type { Reached, Stage } from "../../shared/pay/ledger.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";

/** The documents views are kept in, by the key they lie under. All of them follow from facts alone. */

/** `brand` */
export interface BrandDoc {
  readonly publishableKey: string;
  readonly openedAt: number;
}

/** `campaign/{id}` */
export interface CampaignDoc {
  readonly id: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly createdAt: number;
  readonly poll: string | null;
}

/** `host/{host}` */
export interface HostDoc {
  readonly campaigns: readonly string[];
  readonly verified: string | null;
}

/** `influencer/{id}` */
export interface InfluencerDoc {
  readonly id: string;
  readonly addedAt: number;
  readonly joinedAt: number | null;
}

/** `contract/{id}` */
export interface ContractDoc extends ContractState {
  readonly draftedAt: number;
  readonly startedAt: number | null;
  readonly signatures: readonly {
    readonly by: "brand" | "influencer";
    readonly at: number;
    readonly termsHash: string;
  }[];
}

/** `link/{code}` */
export interface LinkDoc {
  readonly code: string;
  readonly contract: string;
  readonly destination: string;
  readonly createdAt: number;
}

/** `poll/{id}` */
export interface PollDoc extends Omit<FactOf<"poll-opened">, "type"> {
  readonly createdAt: number;
  readonly open: boolean;
}

/** `conversion/{id}` */
export interface ConversionDoc {
  readonly recorded: Omit<FactOf<"conversion-recorded">, "type">;
  readonly recordedAt: number;
  readonly verdict: Omit<FactOf<"conversion-judged">, "type" | "conversion"> | null;
  readonly approved: boolean;
  readonly rejected: { readonly at: number; readonly reason: string } | null;
  readonly reversals: readonly { readonly id: string; readonly at: number; readonly permille: number }[];
  readonly matured: Readonly<Record<string, { readonly approvedAt?: number; readonly payableAt?: number }>>;
  /** When it began to count, by contract. */
  readonly countedAt: Readonly<Record<string, number>>;
  /** What it has moved, by contract and line. */
  readonly moved: Readonly<Record<string, readonly MovedLine[]>>;
  readonly events: readonly {
    readonly at: number;
    readonly what: string;
    readonly by: string;
    readonly because?: string;
  }[];
}

/** What a conversion changed on one line of a statement, in minor units. */
export interface MovedLine {
  readonly code: string;
  readonly amountMinor: number;
  readonly because: string;
}

/** `share/{contract}/{conversion}` */
export interface ShareDoc extends ResultShare {
  readonly stage: Stage | "rejected";
  readonly because: string;
}

/** Volumes as documents hold them: decimal text of billionths, `[count, value]` by result. */
export type StoredVolumes = Readonly<Record<string, readonly [string, string]>>;

/** `account/{contract}`: volumes that reached each stage, by period, what they earn, and what the ledger has posted. */
export interface AccountDoc {
  readonly currency: string;
  readonly volumes: Readonly<Record<Stage, Readonly<Record<string, StoredVolumes>>>>;
  readonly earned: Readonly<Record<Stage, Readonly<Record<string, number>>>>;
  readonly wanted: Reached;
  readonly posted: Reached;
  /** Lines changed since the ledger was last posted. */
  readonly moving: readonly MovedLine[];
}

/** `sum/{campaign}` */
export interface CampaignSumDoc {
  readonly results: Readonly<Record<string, number>>;
  readonly grades: Readonly<Record<string, number>>;
  /** Millionths credited, by contract and result. */
  readonly credited: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** An instant as part of a key: fixed width, so that keys sort by time. */
export const atKey = (at: number): string => String(at).padStart(15, "0");
