import { bounded, type Rail, type Standing } from "../../server/partners/rail.ts";
import type { Chance } from "./chance.ts";

/** One payment as the partner knows it: what left, and what came back. */
export interface Payment {
  readonly amountMinor: number;
  readonly currency: string;
  times: number;
  standing: Standing;
  /** Did the money reach somebody, before whatever came after? */
  arrived: boolean;
}

/** A partner with a memory of its own: pays each id once, but loses requests and answers, refuses, and sends money back. */
export interface Partner {
  readonly rail: Rail;
  readonly payments: Map<string, Payment>;
  /** Payouts that were ever asked for, and how often. */
  readonly asked: Map<string, number>;
}

const never = (): Promise<never> => new Promise(() => {});

/** A partner whose luck is the year's. */
export const partnerOf = (chance: Chance): Partner => {
  const payments = new Map<string, Payment>();
  const asked = new Map<string, number>();
  const pay = (payout: string, amountMinor: number, currency: string): void => {
    asked.set(payout, (asked.get(payout) ?? 0) + 1);
    const before = payments.get(payout);
    // Asked twice, it pays once; that it was asked twice is noted.
    if (before) return;
    const arrived = chance.likely(30);
    payments.set(payout, { amountMinor, currency, times: 1, arrived, standing: arrived ? "settled" : "submitted" });
  };
  const rail: Rail = {
    name: "partner",
    serves: () => undefined,
    reaches: () => undefined,
    submit: async ({ payouts, currency }) => {
      const luck = chance.below(100);
      if (luck < 10) return never();
      if (luck < 18) return { outcome: "refused", because: "The account is closed." };
      for (const { payout, amountMinor } of payouts) pay(payout, amountMinor, currency);
      if (luck < 30) return never();
      if (luck < 38) throw new Error("502 Bad Gateway");
      return { outcome: "accepted" };
    },
    lookUp: async (payout) => {
      if (chance.likely(8)) throw new Error("503 Service Unavailable");
      return payments.get(payout)?.standing ?? "unknown";
    },
  };
  return { rail: bounded(rail, 1), payments, asked };
};
