import { describe, expect, it } from "vitest";
import { bounded, type Rail, type RailBatch, type Standing } from "../../server/partners/rail.ts";
import { submission } from "../../server/partners/submission.ts";

/** A rail under examination, and what stands behind it. */
export interface Examined {
  readonly rail: Rail;
  readonly batch: RailBatch;
  /** How often the money of a payout left, as far as anybody can tell. */
  paidTimes(payout: string): number;
  /** What whoever stands behind the rail does with a payout it has. */
  becomes(payout: string, standing: Standing): void;
  /** What our own record keeps of an answer, for rails that live on it. */
  kept(payouts: readonly string[]): void;
}

/** A batch it must refuse, where the rail can refuse one. */
export interface Wrong {
  readonly batch: RailBatch;
  readonly because: RegExp;
}

/** What every rail promises, the fakes included: `open` makes one with nothing paid yet. */
export const railSuite = (name: string, open: () => Examined, wrong?: Wrong): void => {
  describe(`the rail ${name}`, () => {
    const payoutsOf = ({ batch }: Examined) => batch.payouts.map(({ payout }) => payout);
    const hand = async (it: Examined, batch = it.batch) => {
      const outcomes = await submission(it.rail, batch);
      it.kept(outcomes.filter(({ standing }) => standing === "submitted").map(({ payout }) => payout));
      return outcomes;
    };
    const handUntilKnown = async (it: Examined) => {
      for (let tries = 0; tries < 10; tries += 1)
        if ((await hand(it)).every(({ standing }) => standing !== "unknown")) return;
      throw new Error("never known");
    };

    it("has never heard of a payout that was not submitted", async () => {
      const it = open();
      for (const payout of payoutsOf(it)) expect(await it.rail.lookUp(payout)).toBe("unknown");
    });

    it("in the end has every payout, and pays each once, however often it is handed the batch", async () => {
      const it = open();
      await handUntilKnown(it);
      for (let again = 0; again < 3; again += 1) await hand(it);
      for (const payout of payoutsOf(it)) {
        expect(it.paidTimes(payout)).toBe(1);
        expect(await it.rail.lookUp(payout)).toBe("submitted");
      }
    });

    it("handed the same batch twice at once, pays each payout once", async () => {
      const it = open();
      await Promise.all([hand(it), hand(it)]);
      await handUntilKnown(it);
      for (const payout of payoutsOf(it)) expect(it.paidTimes(payout)).toBe(1);
    });

    it("submitted again under its id without asking first, pays it no second time", async () => {
      const it = open();
      await handUntilKnown(it);
      await it.rail.submit(it.batch);
      for (const payout of payoutsOf(it)) expect(it.paidTimes(payout)).toBe(1);
    });

    it.each(["settled", "failed", "returned"] as const)("tells of a payout that %s", async (standing) => {
      const it = open();
      await handUntilKnown(it);
      const [first = ""] = payoutsOf(it);
      it.becomes(first, standing);
      expect(await it.rail.lookUp(first)).toBe(standing);
      expect(await hand(it)).toContainEqual({ payout: first, standing });
    });

    it("answers within a bounded time, and never by throwing", async () => {
      const it = open();
      const never = {
        ...it.rail,
        submit: () => new Promise<never>(() => {}),
        lookUp: () => new Promise<never>(() => {}),
      };
      const patient = bounded(never, 20);
      expect(await patient.lookUp("pay_1")).toBe("unknown");
      const said = await patient.submit(it.batch);
      expect(said).toMatchObject({ outcome: "unknown", because: expect.stringContaining("no answer") });
    });

    if (wrong)
      it("refuses what it cannot pay, says why, and pays none of it", async () => {
        const it = open();
        const outcomes = await hand(it, wrong.batch);
        expect(outcomes.length).toBe(wrong.batch.payouts.length);
        for (const { payout, standing, because } of outcomes) {
          expect([standing, because]).toEqual(["refused", expect.stringMatching(wrong.because)]);
          expect(it.paidTimes(payout)).toBe(0);
        }
      });

    if (open().rail.file)
      it("writes the same file for the same batch, whenever it is asked", () => {
        const it = open();
        expect(it.rail.file?.(it.batch)).toEqual(open().rail.file?.(it.batch));
      });
  });
};
