import { bounded, type Rail, type Standing } from "../../server/partners/rail.ts";

/** A partner that takes payouts by network: pays each id once, but its answers get lost, also after it has paid. */
export interface Partner {
  readonly rail: Rail;
  readonly paid: Map<string, number>;
  readonly standing: Map<string, Standing>;
  readonly submitted: string[];
}

/** What goes wrong with one request, in the order they come: it never arrives, its answer never does, or nothing. */
export type Trouble = "lost" | "answer-lost" | "error" | "fine";

const late = (): Promise<never> => new Promise(() => {});

/** A flaky partner. `troubles` are spent one by one on submissions, `deaf` ones on questions; then all goes well. */
export const flaky = (troubles: readonly Trouble[], deaf: readonly Trouble[] = []): Partner => {
  const [left, asked] = [[...troubles], [...deaf]];
  const [paid, standing, submitted] = [new Map<string, number>(), new Map<string, Standing>(), [] as string[]];
  const trouble = async (it: Trouble | undefined, work: () => void): Promise<void> => {
    if (it === "lost") return late();
    work();
    if (it === "answer-lost") return late();
    if (it === "error") throw new Error("502 Bad Gateway");
  };
  const rail: Rail = {
    name: "flaky",
    serves: () => undefined,
    reaches: () => undefined,
    submit: async ({ payouts }) => {
      await trouble(left.shift(), () => {
        for (const { payout } of payouts) {
          submitted.push(payout);
          if (paid.has(payout)) continue;
          paid.set(payout, 1);
          standing.set(payout, "submitted");
        }
      });
      return { outcome: "accepted" };
    },
    lookUp: async (payout) => {
      await trouble(asked.shift(), () => {});
      return standing.get(payout) ?? "unknown";
    },
  };
  return { rail: bounded(rail, 15), paid, standing, submitted };
};
