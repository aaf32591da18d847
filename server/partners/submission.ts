import type { Rail, RailBatch, Standing } from "./rail.ts";

/** What became of one payout of a batch: where the rail says it stands, or that the rail will not have it and why. */
export interface Outcome {
  readonly payout: string;
  readonly standing: Standing | "refused";
  readonly because?: string;
}

const readBack = (rail: Rail, { payouts }: RailBatch): Promise<readonly Outcome[]> =>
  Promise.all(payouts.map(async ({ payout }) => ({ payout, standing: await rail.lookUp(payout) })));

const isKnown = ({ standing }: Outcome): boolean => standing !== "unknown";

/**
 * Hand a batch to its rail, or find out what became of it. Every payout is read back first, and only what the rail has
 * never heard of is submitted, under the id it always had; if no answer comes, or a refusal, it is read back again. What
 * stays unknown is asked about the next time.
 */
export const submission = async (rail: Rail, batch: RailBatch): Promise<readonly Outcome[]> => {
  const before = await readBack(rail, batch);
  const known = before.filter(isKnown);
  const payouts = batch.payouts.filter(({ payout }) => !known.some((it) => it.payout === payout));
  if (payouts.length === 0) return known;
  const rest = { ...batch, payouts };
  const said = await rail.submit(rest);
  if (said.outcome === "accepted")
    return [...known, ...payouts.map(({ payout }) => ({ payout, standing: "submitted" as const }))];
  // A rail that will not have it twice may say no to what it has: nobody is told that it failed before it was read back.
  const [{ because }, standing] = [said, said.outcome];
  return [...known, ...(await readBack(rail, rest)).map((it) => (isKnown(it) ? it : { ...it, standing, because }))];
};
