/** A brand's books and the story they tell, side by side: every event is posted by the law and told to the model. */
import { edgeOf, type Transfer } from "../../shared/pay/chart.ts";
import type { Posting, SentPayout } from "../../shared/pay/invariants.ts";
import * as budget from "../../shared/pay/ledger.budget.ts";
import * as payout from "../../shared/pay/ledger.payout.ts";
import { type Kinds, noKinds, postedOf, restand, type Wanted } from "../../shared/pay/ledger.restand.ts";
import { type Balances, post } from "../../shared/pay/ledger.ts";
import {
  add,
  euros,
  free,
  has,
  holdAgain,
  type Life,
  life,
  position,
  reachedBy,
  type Story,
  type Trip,
} from "./ledger.model.ts";

export interface World {
  readonly story: Story;
  readonly journal: Posting[];
  readonly books: Map<string, Balances>;
  readonly edges: Set<string>;
  events: number;
}

export const contracts = new Map([
  ["con_1", "inf_a"],
  ["con_2", "inf_a"],
  ["con_3", "inf_b"],
]);

export const world = (): World => ({
  story: {
    lives: [...contracts].map(([contract, influencer]) => life(contract, influencer)),
    trips: [],
    purse: new Map(),
  },
  journal: [],
  books: new Map(),
  edges: new Set(),
  events: 0,
});

const book = (it: World, cause: string, transfers: readonly Transfer[]): void => {
  for (const transfer of transfers) {
    it.books.set(transfer.currency, post(it.books.get(transfer.currency) ?? new Map(), transfer));
    it.edges.add(edgeOf(transfer) ?? `off the chart: ${JSON.stringify(transfer)}`);
    it.journal.push({ ...transfer, id: `t${it.journal.length}`, cause, at: it.events, recordedAt: it.events });
  }
};

const fact = (it: World): string => `fact ${it.events}`;
const dollars = (amountMinor: number) => ({ currency: "USD", amountMinor });
const ledger = (it: World, currency: string): Balances => it.books.get(currency) ?? new Map();

export const wantedOf = (it: Life): Wanted => {
  const kinds: Record<keyof Kinds, number> = { ...noKinds };
  for (const { kind, amountMinor } of it.items) kinds[kind as keyof Kinds] += amountMinor;
  const [accrued, validated, approved, payable] = [0, 1, 2, 3].map((stage) => reachedBy(it, stage)) as [
    number,
    number,
    number,
    number,
  ];
  return {
    kinds,
    creditMinor: it.creditMinor,
    reached: { accrued, validated, approved, payable },
    holdMinor: it.holdMinor,
  };
};

/** The contract's story has changed: bring its books to it. */
export const restated = (it: World, one: Life): void => {
  const of = { contract: one.contract, influencer: one.influencer, currency: "USD" };
  book(it, fact(it), restand(of, postedOf(of, ledger(it, "USD")), wantedOf(one)));
  holdAgain(it.story, one);
};

const live = (trip: Trip): SentPayout => ({
  ...trip,
  amountMinor: trip.lines.reduce((sum, line) => sum + line.amountMinor, 0),
});
export const payoutsOf = ({ story }: World): readonly SentPayout[] => story.trips.map(live);
const net = (trip: Trip): number => live(trip).amountMinor - trip.taxMinor;

export const submit = (it: World, trip: Trip): void => {
  book(it, trip.id, payout.submitted(trip));
  it.story.trips.push(trip);
  add(it.story, `${trip.currency} tax:withheld`, trip.taxMinor);
  add(it.story, `${trip.currency} brand:deposit`, -trip.feeMinor);
  add(it.story, `${trip.currency} platform_fee`, trip.feeMinor);
};

export const settle = (it: World, trip: Trip): void => {
  book(it, trip.id, payout.settled(trip));
  trip.state = "settled";
  add(it.story, `${trip.currency} cash:${trip.rail}`, -net(trip));
};

/** A payout fails, or is returned once it had arrived. */
export const comeBack = (it: World, trip: Trip): void => {
  const had = trip.state === "settled";
  const undo = had ? payout.returned : payout.failed;
  const seen = new Map(payout.touched(trip).map((name) => [name, ledger(it, trip.currency).get(name) ?? 0]));
  book(it, trip.id, undo(trip, seen));
  trip.state = had ? "returned" : "failed";
  const [tax, cash] = [`${trip.currency} tax:withheld`, `${trip.currency} cash:${trip.rail}`];
  const missing = Math.max(0, trip.taxMinor - has(it.story, tax));
  add(it.story, cash, missing + (had ? net(trip) : 0));
  add(it.story, tax, missing - trip.taxMinor);
  add(it.story, `${trip.currency} brand:deposit`, trip.feeMinor);
  add(it.story, `${trip.currency} platform_fee`, -trip.feeMinor);
  if (trip.currency !== "USD") return;
  for (const one of it.story.lives) one.heldPayable = Math.min(one.heldPayable, Math.max(0, position(it.story, one)));
};

export const fund = (it: World, amountMinor: number): void => {
  book(it, fact(it), budget.funded("bank", dollars(amountMinor)));
  add(it.story, "USD cash:bank", amountMinor);
  add(it.story, "USD brand:deposit", amountMinor);
};

/** Set aside for a contract; below zero, set free. */
export const reserve = (it: World, { contract }: Life, amountMinor: number): void => {
  const move = amountMinor < 0 ? budget.unreserved : budget.reserved;
  book(it, fact(it), move(contract, dollars(Math.abs(amountMinor))));
  add(it.story, "USD brand:deposit", -amountMinor);
  add(it.story, `USD brand:reserved:${contract}`, amountMinor);
};

export const spend = (it: World, { contract }: Life): void => {
  const [kept, used] = [`USD brand:reserved:${contract}`, `USD brand:spent:${contract}`];
  const [reservedMinor, spentMinor] = [has(it.story, kept), has(it.story, used)];
  const lines = it.story.trips.filter(({ state, currency }) => state === "settled" && currency === "USD");
  const paid = lines.flatMap((trip) => trip.lines).filter((line) => line.contract === contract);
  const paidMinor = paid.reduce((sum, line) => sum + line.amountMinor, 0);
  book(it, fact(it), budget.spent(contract, "USD", paidMinor, { reservedMinor, spentMinor }));
  const now = Math.min(Math.max(paidMinor, 0), reservedMinor + spentMinor);
  add(it.story, kept, spentMinor - now);
  add(it.story, used, now - spentMinor);
};

export const remit = (it: World, amountMinor: number): void => {
  book(it, fact(it), budget.remitted("bank", dollars(amountMinor)));
  add(it.story, "USD tax:withheld", -amountMinor);
  add(it.story, "USD cash:bank", -amountMinor);
};

export const advance = (it: World, one: Life, amountMinor: number): void => {
  book(it, fact(it), budget.advanced(one.contract, "bank", dollars(amountMinor)));
  add(it.story, "USD cash:bank", -amountMinor);
  one.advanced += amountMinor;
};

export const recoup = (it: World, one: Life): void => {
  const amountMinor = Math.min(free(it.story, one), one.advanced - one.recouped);
  book(it, fact(it), budget.recouped(one.contract, dollars(amountMinor)));
  one.recouped += amountMinor;
};

export const writeOff = (it: World, one: Life, amountMinor: number): void => {
  book(it, fact(it), budget.writtenOff(one.influencer, one.contract, dollars(amountMinor)));
  one.writtenOff += amountMinor;
  add(it.story, "USD bad_debt", amountMinor);
};

export const exchange = (it: World, one: Life, amountMinor: number): void => {
  const euro = Math.ceil(amountMinor * 0.9);
  book(it, fact(it), budget.exchanged(one.contract, dollars(amountMinor), { currency: "EUR", amountMinor: euro }));
  one.exchangedAway += amountMinor;
  one.exchangedFor += euro;
  add(it.story, "USD fx:USD", -amountMinor);
  add(it.story, "EUR fx:EUR", euro);
};

/** What each of an influencer's contracts may be paid, or owes, in a currency. */
export const open = (it: World, influencer: string, currency: string) =>
  it.story.lives
    .filter((one) => one.influencer === influencer)
    .map((one) => {
      const may = currency === "EUR" ? euros(it.story, one) : position(it.story, one);
      const amountMinor = may < 0 || currency === "EUR" ? may : free(it.story, one);
      return { contract: one.contract, amountMinor };
    })
    .filter(({ amountMinor }) => amountMinor !== 0);
