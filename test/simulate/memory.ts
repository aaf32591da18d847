// biome-ignore lint/suspicious/noExplicitAny: facts and terms as they were written, not the product's types.
type Document = any;

/** A share that was restated. */
export interface Stated {
  readonly shareMicro: number;
  readonly restated: readonly { readonly at: number; readonly shareMicro: number }[];
}

/** A result as the witness knows it. */
export interface Seen {
  readonly conversion: string;
  readonly result: string;
  readonly at: number;
  readonly via: string;
  readonly valueMinor: number | undefined;
  readonly currency: string | undefined;
  readonly recordedAt: number;
  parts: readonly Document[];
  approved: boolean;
  rejectedAt: number | undefined;
  readonly back: { readonly at: number; readonly permille: number }[];
  readonly silent: Set<string>;
  readonly released: Set<string>;
  readonly countedAt: Map<string, number>;
  /** The share it was stated by, by contract, where it became another one after that was final, and those since. */
  readonly stated: Map<string, Stated>;
}

/** A contract as the witness knows it. */
export interface Deed {
  readonly contract: string;
  readonly influencer: string;
  readonly tabled: Map<number, Document>;
  readonly versions: { readonly terms: Document; readonly signedAt: number }[];
  lastDay: string | null;
  readonly adjustments: {
    readonly id: string;
    readonly at: number;
    readonly amountMinor: number;
    readonly code: string;
  }[];
  readonly rates: Document[];
  readonly closed: Map<
    number,
    { readonly earnedMinor: number; readonly dueMinor: number; readonly carriedMinor: number; readonly at: number }
  >;
  readonly approved: Set<number>;
  /** Has anything been told of it since it was last compared? */
  isNews: boolean;
}

/** A payout as the witness knows it. */
export interface Sent {
  readonly payout: string;
  readonly influencer: string;
  readonly currency: string;
  readonly rail: string;
  readonly lines: readonly { readonly contract: string; readonly period: number; readonly amountMinor: number }[];
  readonly taxMinor: number;
  readonly feeMinor: number;
  readonly madeAt: number;
  state: "made" | "sent" | "settled" | "failed" | "returned" | "unclaimed";
  arrived: boolean;
}

/** An argument as the witness knows it. */
export interface Quarrel {
  readonly contract: string;
  readonly opener: "brand" | "influencer";
  readonly amountMinor: number;
  open: boolean;
}

/** Everything a witness remembers of one brand. */
export interface Memory {
  seq: number;
  readonly deeds: Map<string, Deed>;
  readonly seen: Map<string, Seen>;
  readonly sent: Map<string, Sent>;
  readonly quarrels: Map<string, Quarrel>;
  /** Deposits, tax sent on, debts given up: `"EUR funded bank"` and the like. */
  readonly purse: Map<string, number>;
  /** Until when payouts wait since details were changed: three days, and no time for those first given. */
  readonly details: Map<string, { readonly heldUntil: number }>;
  readonly writeOffs: Map<string, Document>;
  /** How often each thing that may happen once only has happened. */
  readonly once: Map<string, number>;
}

export const memory = (): Memory => ({
  seq: 0,
  deeds: new Map(),
  seen: new Map(),
  sent: new Map(),
  quarrels: new Map(),
  purse: new Map(),
  details: new Map(),
  writeOffs: new Map(),
  once: new Map(),
});
