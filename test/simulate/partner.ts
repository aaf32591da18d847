import { bounded, type Rail, type Standing } from "../../server/partners/rail.ts";
import type { Chance } from "./chance.ts";

/** One payment as the partner knows it: what left, and what came back. */
export interface Payment {
  readonly amountMinor: number;
  readonly currency: string;
  standing: Standing;
  /** Did the money reach somebody, before whatever came after? */
  arrived: boolean;
}

/** A partner with a memory of its own: pays each id once, but loses requests and answers, refuses, and sends money back. */
export interface Partner {
  readonly rail: Rail;
  readonly payments: Map<string, Payment>;
  /** From here on everything goes well. */
  calm: boolean;
}

const never = (): Promise<never> => new Promise(() => {});

/** A partner whose luck is the year's. */
export const partnerOf = (chance: Chance): Partner => {
  const payments = new Map<string, Payment>();
  const partner = { payments, calm: false };
  const pay = (payout: string, amountMinor: number, currency: string): void => {
    // Asked again because it could not be asked what became of it, it pays once.
    if (payments.has(payout)) return;
    const arrived = chance.likely(30);
    payments.set(payout, { amountMinor, currency, arrived, standing: arrived ? "settled" : "submitted" });
  };
  const rail: Rail = {
    name: "partner",
    serves: () => undefined,
    reaches: () => undefined,
    submit: async ({ payouts, currency }) => {
      const luck = partner.calm ? 99 : chance.below(100);
      if (luck < 10) return never();
      // What it has once taken it never refuses: the same id gets the same answer.
      if (luck < 18 && !payouts.some(({ payout }) => payments.has(payout)))
        return { outcome: "refused", because: "The account is closed." };
      for (const { payout, amountMinor } of payouts) pay(payout, amountMinor, currency);
      if (luck < 30) return never();
      if (luck < 38) throw new Error("502 Bad Gateway");
      return { outcome: "accepted" };
    },
    lookUp: async (payout) => {
      if (!partner.calm && chance.likely(8)) throw new Error("503 Service Unavailable");
      return payments.get(payout)?.standing ?? "unknown";
    },
  };
  return Object.assign(partner, { rail: bounded(rail, 1) });
};
