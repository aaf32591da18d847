import type { Refusal } from "../../shared/kit/shape.ts";
import type { Details, Payer } from "../../shared/pay/payout.details.ts";

/** One payout as its rail sees it. `reference` is what the influencer reads on their statement; `amountMinor` is sent whole. */
export interface RailPayout {
  readonly payout: string;
  readonly name: string;
  readonly to: Details;
  readonly amountMinor: number;
  readonly reference: string;
}

/** Some payouts that go together, in one currency: everything a rail needs, as it was when the batch was made. */
export interface RailBatch {
  readonly batch: string;
  readonly madeAt: number;
  readonly currency: string;
  readonly payer: Payer | null;
  readonly payouts: readonly RailPayout[];
}

/** What a rail says to a batch: it has it; it will not have it; or nobody knows, since no answer came in time. */
export type Submission =
  | { readonly outcome: "accepted" }
  | { readonly outcome: "refused" | "unknown"; readonly because: string };

/** What a rail says of one payout. `unknown`: it has never heard of it, or cannot say now. */
export type Standing = "submitted" | "settled" | "failed" | "returned" | "unknown";

/** What a rail gives to be taken to where the money is. */
export interface RailFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/**
 * A way money reaches people. Promises: a payout's id is its key, so submitting it again never pays twice; every question
 * is answered in bounded time, and a fault is told as `unknown` with its reason, never passed over.
 */
export interface Rail {
  readonly name: string;
  /** Why this rail cannot pay in this currency from this account; undefined when it can. */
  serves(currency: string, payer: Payer | null): Refusal | undefined;
  /** Why this rail cannot reach somebody with these details; undefined when it can. */
  reaches(details: Details): Refusal | undefined;
  submit(batch: RailBatch): Promise<Submission>;
  lookUp(payout: string): Promise<Standing>;
  /** The batch as a file, the same for the same batch whenever it is asked for; absent where the rail takes it by itself. */
  file?(batch: RailBatch): RailFile;
}

/** What is on record about payouts, for rails that have no memory of their own because people carry their files. */
export interface Desk {
  standing(payout: string): Promise<Standing>;
}

const MOST_MS = 20_000;

const within = async <Value>(work: Promise<Value>, mostMs: number): Promise<Value> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${mostMs} ms`)), mostMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same rail, whose answers come within `mostMs` and never as a thrown error. */
export const bounded = (rail: Rail, mostMs: number = MOST_MS): Rail => ({
  ...rail,
  submit: async (batch) => {
    try {
      return await within(rail.submit(batch), mostMs);
    } catch (error) {
      return { outcome: "unknown", because: `The rail ${rail.name} gave no answer: ${told(error)}.` };
    }
  },
  lookUp: async (payout) => {
    try {
      return await within(rail.lookUp(payout), mostMs);
    } catch {
      return "unknown";
    }
  },
});
