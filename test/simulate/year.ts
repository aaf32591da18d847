import { createCampaign, openBrand } from "../../server/decisions/campaigns.ts";
import type { ContractDoc } from "../../server/engine/shapes.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import type { Store } from "../../server/store/store.ts";
import { edgeOf } from "../../shared/pay/chart.ts";
import { flaws } from "../../shared/pay/invariants.ts";
import { factsAfter, type Ledger, ledgerOf } from "./books.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { compare } from "./compare.ts";
import { openEngine } from "./engine.ts";
import { expectShares } from "./journeys.ts";
import { type Memory, memory } from "./memory.ts";
import { partnerOf } from "./partner.ts";
import { negotiate, offer, rearrange } from "./steps.contracts.ts";
import { argue, dispute } from "./steps.disputes.ts";
import { approveStated, arrange, batch, details, news, settleDown, submit, writeOff } from "./steps.payouts.ts";
import { approveOne, convert, decideAll, rejectOne, remember, repeat, reverseOne } from "./steps.results.ts";
import { witness } from "./witness.ts";
import { type Company, contractOf, DAY, HOUR, must, type Year } from "./world.ts";

type Step = (it: Year, company: Company) => Promise<boolean>;

const steps: readonly (readonly [weight: number, step: Step])[] = [
  [5, offer],
  [4, negotiate],
  [5, rearrange],
  [26, convert],
  [3, repeat],
  [5, approveOne],
  [3, rejectOne],
  [10, reverseOne],
  [7, dispute],
  [9, argue],
  [4, details],
  [7, arrange],
  [6, approveStated],
  [7, batch],
  [4, submit],
  [6, news],
  [3, writeOff],
];
const weights = steps.reduce((sum, [weight]) => sum + weight, 0);

const anyStep = (luck: number): Step => {
  let left = luck;
  for (const [weight, step] of steps) {
    left -= weight;
    if (left < 0) return step;
  }
  return convert;
};

/** What is checked along the way, brand by brand. */
interface Watch {
  readonly company: Company;
  readonly memory: Memory;
  readonly ledger: Ledger;
}

const BEGAN = Date.UTC(2026, 0, 5, 9);

const openCompany = async (it: Year, brand: string): Promise<Company> => {
  const campaign = `cmp_${brand.slice(4)}`;
  await it.engine.decide(brand, undefined, openBrand(`pk_${brand}`));
  const given = { campaign, name: "Autumn", hosts: ["localhost:9"] };
  await it.engine.decide(brand, "campaign", createCampaign(given, true, "brand"));
  const influencers = ["ana", "ben", "cleo"]
    .slice(0, it.chance.between(1, 3))
    .map((name) => `inf_${name}${brand.slice(4)}`);
  const told = { deals: [], told: [], retold: [], reversals: new Map(), halves: new Map(), runs: 0 };
  return { brand, campaign, influencers, partner: partnerOf(it.chance), ...told };
};

const learn = async (it: Year, { company, memory: known, ledger }: Watch): Promise<void> => {
  for (const entry of await factsAfter(it.engine.store(), company.brand, known.seq)) {
    witness(known, entry);
    ledger.learn(entry);
    if (entry.fact.type === "money-moved")
      for (const transfer of entry.fact.transfers) it.note(`edge ${edgeOf(transfer)}`);
    if (
      entry.fact.type.startsWith("contract-") ||
      entry.fact.type.startsWith("payout-") ||
      entry.fact.type.startsWith("dispute-")
    )
      it.note(`fact ${entry.fact.type}`);
    if (entry.fact.type === "dispute-resolved") it.note(`dispute ${entry.fact.how}`);
    if (entry.fact.type === "dispute-opened") it.note(`disputed ${entry.fact.item.kind} by ${entry.fact.opener}`);
    if (entry.fact.type === "payout-batch-made") for (const { code } of entry.fact.waiting) it.note(`waits ${code}`);
  }
};

const sound = ({ company, ledger }: Watch): void => {
  const [first] = flaws(ledger.books());
  must(first === undefined, () => `${company.brand}: invariant ${first?.invariant}: ${first?.where} ${first?.because}`);
};

const HOPS = [0, 0, 0, 0, 0, HOUR, HOUR, 5 * HOUR, 9 * HOUR, DAY, DAY, 2 * DAY, 3 * DAY, 6 * DAY, 13 * DAY] as const;

const pass = async (it: Year, ms: number): Promise<void> => {
  it.engine.clock.at += ms;
  if (it.chance.likely(25)) it.engine.trip();
  await it.engine.mature();
};

const check = async (it: Year, watches: readonly Watch[], full: boolean): Promise<void> => {
  for (const watch of watches) {
    await learn(it, watch);
    expectShares(it, watch.company, watch.memory);
    if (full) sound(watch);
    await compare(it, watch.company, watch.memory, full);
  }
  must(it.engine.warned.length === 0, () => `the engine warned: ${it.engine.warned.map(String).join("; ")}`);
};

const statuses = async (it: Year, company: Company): Promise<readonly ContractDoc[]> =>
  Promise.all(company.deals.map(({ contract }) => contractOf(it, company, contract)));

/** Everything that is still open comes to its end: contracts run out, what waits is decided, and all that is payable is paid. */
const wind = async (it: Year, watches: readonly Watch[], late: Chance): Promise<void> => {
  for (let rounds = 0; rounds < 14; rounds += 1) {
    await pass(it, 17 * DAY);
    for (const { company } of watches) {
      if (rounds < 2) await decideAll(it, company);
      if (rounds < 5) await remember(it, company, late);
      if (rounds === 8) await settleDown(it, company);
      await approveStated(it, company, true);
      if (rounds < 6 || rounds === 8) continue;
      await submit(it, company);
      await news(it, company, true);
      await batch(it, company);
    }
  }
  for (const { company } of watches) {
    await submit(it, company);
    await news(it, company, true);
  }
};

const restedMinor = (watch: Watch, account: RegExp): number => {
  let sum = 0;
  for (const { debit, credit, amountMinor } of watch.ledger.journal) {
    if (account.test(credit)) sum += amountMinor;
    if (account.test(debit)) sum -= amountMinor;
  }
  return sum;
};

/** Everything that could be paid was: whoever has something left owes at least as much. */
const allPaid = ({ memory: known, ledger }: Watch, influencer: string, currency: string): void => {
  const own = [...known.deeds.values()]
    .filter((deed) => deed.influencer === influencer)
    .map(({ contract }) => contract);
  let [leftMinor, owedMinor] = [0, 0];
  for (const it of ledger.journal) {
    if (it.currency !== currency) continue;
    for (const [account, sign] of [[it.debit, 1] as const, [it.credit, -1] as const]) {
      if (own.some((contract) => account === `influencer:${contract}:payable`)) leftMinor -= sign * it.amountMinor;
      if (account.startsWith(`clawback:${influencer}:`)) owedMinor += sign * it.amountMinor;
    }
  }
  must(
    leftMinor === 0 || leftMinor <= owedMinor,
    () => `${influencer} was never paid ${leftMinor} ${currency}, and owes ${owedMinor}`,
  );
};

/** At the end nothing is lost: what was told is there once, what the partner paid is what the books say, and the chain holds. */
const ended = async (it: Year, watch: Watch): Promise<void> => {
  const { company, memory: known } = watch;
  for (const { externalId } of company.told) {
    const times = ["lead", "sale"].reduce(
      (sum, kind) => sum + (known.once.get(`recorded ${kind} ${externalId}`) ?? 0),
      0,
    );
    must(times === 1, () => `${externalId} was acknowledged, and is there ${times} times`);
  }
  for (const [id, conversion] of company.reversals)
    must(known.once.get(`reversal ${conversion} ${id}`) === 1, () => `${id} was acknowledged, and is gone`);
  for (const doc of await statuses(it, company)) {
    it.note(`status ${doc.status}`);
    must(doc.status !== "offered" && doc.status !== "running", () => `${doc.contract} is ${doc.status} for ever`);
  }
  for (const place of ["accrued", "validated", "approved", "held:approved", "held:payable"]) {
    const rest = restedMinor(watch, new RegExp(`^influencer:[^:]+:${place}$`));
    must(rest === 0, () => `${company.brand} has ${rest} minor units left in ${place}, with nothing left to wait for`);
  }
  for (const payout of known.sent.values())
    must(payout.state !== "made" && payout.state !== "sent", () => `${payout.payout} is ${payout.state} for ever`);
  for (const influencer of company.influencers)
    for (const currency of ["EUR", "USD", "JPY"]) allPaid(watch, influencer, currency);
  const verified = await verifyBrand(it.engine.store(), company.brand, { replaying: () => {}, comparing: () => {} });
  must(verified.ok, () => `verification: ${verified.ok || `${verified.refusal.where} ${verified.refusal.because}`}`);
};

/** How a year went: what came up in it, and how long it took. */
export interface Lived {
  readonly seen: ReadonlyMap<string, number>;
  readonly steps: number;
}

export interface Options {
  readonly steps?: number;
  /** Told of each step, to see how a year goes. */
  readonly hear?: (line: string) => void;
  /** Given the store of a year that went wrong, to look at. */
  readonly told?: (store: Store) => Promise<void>;
}

/** Live through one year. Throws at the first thing that is not as it must be. */
export const live = async (seed: number, { steps: count = 120, hear, told }: Options = {}): Promise<Lived> => {
  const [chance, late] = [chanceOf(seed), chanceOf(-seed)];
  const seen = new Map<string, number>();
  let numbers = 0;
  const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  const engine = await openEngine(chance, seed % 25 === 0, BEGAN);
  const bare = { chance, engine, seen, note, next: () => (numbers += 1), companies: [] as Company[] };
  try {
    for (const brand of ["brd_one", "brd_two"].slice(0, chance.pick([1, 1, 2])))
      bare.companies.push(await openCompany(bare, brand));
    const watches = bare.companies.map((company): Watch => ({ company, memory: memory(), ledger: ledgerOf() }));
    for (const company of bare.companies) for (let more = 2; more > 0; more -= 1) await offer(bare, company);
    for (let step = 0; step < count; step += 1) {
      const company = chance.pick(bare.companies);
      const next = anyStep(chance.below(weights));
      hear?.(`${step} ${new Date(engine.clock.at).toISOString()} ${company.brand} ${next.name}`);
      // What is on the table would expire before luck came by often enough.
      if (chance.likely(35)) await negotiate(bare, company);
      if (chance.likely(45)) await argue(bare, company);
      if (!(await next(bare, company))) await anyStep(chance.below(weights))(bare, company);
      if (late.likely(12)) await remember(bare, company, late);
      await pass(bare, chance.pick(HOPS));
      if (step % 6 === 0) await check(bare, watches, step % 40 === 0);
    }
    await wind(bare, watches, late);
    await check(bare, watches, true);
    for (const watch of watches) await ended(bare, watch);
    for (const [how, times] of engine.mishaps) seen.set(`mishap ${how}`, times);
    return { seen, steps: count };
  } catch (error) {
    await told?.(engine.store());
    throw error;
  } finally {
    await engine.close();
  }
};
