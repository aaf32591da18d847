import type { ContractState, Party } from "../../shared/contract/contract.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import type { FactOf } from "../../shared/fact.ts";
import type { Stage } from "../../shared/pay/chart.ts";
import type { MeasuredRates } from "../../shared/pay/event.ts";
import type { Kinds, Standing } from "../../shared/pay/ledger.restand.ts";
import type { Reached } from "../../shared/pay/ledger.ts";
import type { Adjustment, ResultShare } from "../../shared/pay/statement.ts";
import type { Piece } from "../../shared/pay/sums.ts";

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
  /** All there are, of every version, in the order they were given. */
  readonly signatures: readonly {
    readonly version: number;
    readonly by: Party;
    readonly at: number;
    readonly termsHash: string;
  }[];
  /** What has happened, by fact without its `contract-`: `by` is a party or the clock, `because` a code or a day. */
  readonly events: readonly {
    readonly at: number;
    readonly what: string;
    readonly by: Party | "clock";
    readonly version?: number;
    readonly because?: string;
  }[];
}

/** `contract-version/{contract}/{version}`: terms that were drafted or put on the table, and what became of them. */
export interface VersionDoc {
  readonly version: number;
  readonly terms: Terms;
  readonly termsHash: string;
  readonly wording: string | null;
  readonly by: Party;
  readonly at: number;
  readonly state: "drafted" | "proposed" | "signed" | "replaced" | "declined" | "withdrawn" | "expired";
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
  /** It came to nothing: no journey starts anew after it, and no milestone is reached by it. */
  readonly isVoid?: true;
  readonly reversals: readonly { readonly id: string; readonly at: number; readonly permille: number }[];
  readonly matured: Readonly<Record<string, { readonly approvedAt?: number; readonly payableAt?: number }>>;
  /** When it began to count, by contract. */
  readonly countedAt: Readonly<Record<string, number>>;
  /** What became another share after its statement was final, by contract: the share it was stated by, and those since. */
  readonly restated?: Readonly<Record<string, Required<Pick<ResultShare, "shareMicro" | "restated">>>>;
  /** Contracts whose held part the brand has released. */
  readonly unheld?: readonly string[];
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

/** What a period adds up to, as documents hold it; `capped` as `"n/d"` by the place of its rule. */
export interface StoredSums {
  readonly volumes: StoredVolumes;
  readonly capped?: Readonly<Record<string, string>>;
}

/** What one period earns now: gross by kind, what its guarantee takes back, what reached each stage net, and its lines by code. */
export interface AccountPeriod {
  readonly kinds: Kinds;
  readonly creditMinor: number;
  readonly net: Reached;
  readonly lines: readonly (readonly [code: string, amountMinor: number])[];
}

/** A statement that is final. */
export interface ClosedStatement {
  readonly at: number;
  /** Since when there was something to review: `at`, or later if the clock was late. */
  readonly reviewFrom: number;
  readonly hash: string;
  readonly earnedMinor: number;
  readonly dueMinor: number;
  readonly carriedMinor: number;
  readonly approvedAt: number | null;
}

/** `account/{contract}`: what reached each stage, by period, what it earns, what the ledger has posted, and what is held of it. */
export interface AccountDoc {
  readonly contract: string;
  readonly influencer: string;
  readonly currency: string;
  /** Periods begun, closed and windows ended up to this instant are known of. */
  readonly asOf: number;
  readonly sums: Readonly<Record<Stage, Readonly<Record<string, StoredSums>>>>;
  readonly rates: readonly MeasuredRates[];
  readonly adjustments: readonly Adjustment[];
  readonly holdMinor: number;
  readonly closed: Readonly<Record<string, ClosedStatement>>;
  readonly periods: Readonly<Record<string, AccountPeriod>>;
  readonly wanted: Standing;
  readonly posted: Standing;
  /** Lines changed since the ledger was last posted. */
  readonly moving: readonly MovedLine[];
}

/** `window/{contract}`: results that may make good a shortfall, and how far each has come. */
export interface WindowDoc {
  readonly pieces: readonly (Piece & { readonly stage: ShareDoc["stage"] })[];
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
