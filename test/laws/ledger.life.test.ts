import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codes, edges, expenseKinds } from "../../shared/pay/chart.ts";
import { flaws } from "../../shared/pay/invariants.ts";
import { few } from "../cases.ts";
import { foretold, free, has, type Life, position, type Trip } from "./ledger.model.ts";
import {
  advance,
  comeBack,
  contracts,
  exchange,
  fund,
  open,
  payoutsOf,
  recoup,
  remit,
  reserve,
  restated,
  settle,
  spend,
  submit,
  type World,
  world,
  writeOff,
} from "./ledger.world.ts";

/** Chance as a list of numbers: the same list is the same life, and a shorter one is a simpler life. */
type Draw = (below: number) => number;
const amount = (draw: Draw): number => [1, 2, 7, 100, 1999][draw(5)]! * (1 + draw(9));
const upTo = (draw: Draw, most: number): number => (draw(3) === 0 ? 1 + draw(most) : most);

/** An event that may happen to a contract now, and how; undefined where it cannot. */
type Event = (it: World, one: Life, draw: Draw) => (() => void) | undefined;

/** A change of what a contract has earned; false where there is nothing to change. */
type Earning = (one: Life, draw: Draw) => boolean;

const some = <Thing>(list: readonly Thing[], draw: Draw): Thing | undefined => list[draw(Math.max(1, list.length))];
const gained = (one: Life) => one.items.filter(({ amountMinor }) => amountMinor > 0);

const earnings = {
  accrue: (one: Life, draw: Draw): boolean => {
    const kind = expenseKinds[draw(5)]!;
    // What people agree on is due at once; everything else climbs.
    const stage = kind === "adjustment" || draw(4) === 0 ? 3 : draw(2);
    one.items.push({ kind, amountMinor: amount(draw), stage });
    return true;
  },
  climb: (one: Life, draw: Draw): boolean => {
    const item = some(
      one.items.filter(({ stage }) => stage < 3),
      draw,
    );
    if (item) item.stage += 1;
    return item !== undefined;
  },
  fall: (one: Life, draw: Draw): boolean => {
    const item = some(
      gained(one).filter(({ stage, kind }) => stage > 0 && kind !== "adjustment"),
      draw,
    );
    if (item) item.stage = draw(item.stage);
    return item !== undefined;
  },
  refund: (one: Life, draw: Draw): boolean => {
    const item = some(gained(one), draw);
    if (item) item.amountMinor -= upTo(draw, item.amountMinor);
    return item !== undefined;
  },
  reprice: (one: Life, draw: Draw): boolean => {
    const item = some(
      gained(one).filter(({ kind }) => kind !== "adjustment"),
      draw,
    );
    if (item) item.kind = expenseKinds[draw(4)]!;
    return item !== undefined;
  },
  adjustDown: (one: Life, draw: Draw): boolean =>
    one.items.push({ kind: "adjustment", amountMinor: -amount(draw), stage: 3 }) > 0,
  penalty: (one: Life, draw: Draw): boolean => {
    one.creditMinor += amount(draw);
    return true;
  },
  /** A penalty of just what climbs past: it comes off where the climbing money stood. */
  absorbed: (one: Life, draw: Draw): boolean => {
    const from = draw(3);
    for (const item of gained(one).filter(({ stage }) => stage === from)) {
      item.stage = 3;
      one.creditMinor += item.amountMinor;
    }
    return true;
  },
  penaltyUndone: (one: Life, draw: Draw): boolean => {
    if (one.creditMinor > 0) one.creditMinor -= upTo(draw, one.creditMinor);
    return true;
  },
  hold: (one: Life, draw: Draw): boolean => {
    one.holdMinor += amount(draw);
    return true;
  },
  release: (one: Life, draw: Draw): boolean => {
    if (one.holdMinor > 0) one.holdMinor -= upTo(draw, one.holdMinor);
    return true;
  },
  again: (): boolean => true,
};

/** Some changes at once, and the books follow: most often one, as many as come together otherwise. */
const change: Event = (it, one, draw) => () => {
  const all: readonly Earning[] = Object.values(earnings);
  for (let left = draw(2) === 0 ? 1 : 1 + draw(6); left > 0; left -= 1) all[draw(all.length)]!(one, draw);
  restated(it, one);
};

const planned = (it: World, influencer: string, currency: string, draw: Draw): Trip | undefined => {
  const all = open(it, influencer, currency).map((line) =>
    line.amountMinor > 0 ? { ...line, amountMinor: upTo(draw, line.amountMinor) } : line,
  );
  let room = all.reduce((sum, { amountMinor }) => sum + Math.max(0, amountMinor), 0);
  if (room === 0) return undefined;
  const lines = all.flatMap(({ contract, amountMinor }) => {
    if (amountMinor > 0) return [{ contract, amountMinor }];
    const netted = Math.min(room, -amountMinor);
    room -= netted;
    return netted === 0 ? [] : [{ contract, amountMinor: -netted }];
  });
  const split = lines.flatMap(({ contract, amountMinor }) =>
    amountMinor > 1 && draw(4) === 0
      ? [
          { contract, amountMinor: 1 },
          { contract, amountMinor: amountMinor - 1 },
        ]
      : [{ contract, amountMinor }],
  );
  const taxMinor = draw(2) * Math.floor(room / 3);
  const feeMinor = currency === "USD" ? Math.min(draw(4), has(it.story, "USD brand:deposit")) : 0;
  const id = `pay_${it.story.trips.length}`;
  return { id, influencer, currency, rail: "bank", lines: split, taxMinor, feeMinor, state: "submitted" };
};

const trip = (it: World, one: Life, states: readonly string[], draw: Draw) =>
  some(
    it.story.trips.filter(({ state, influencer }) => states.includes(state) && influencer === one.influencer),
    draw,
  );

const travels = {
  submit: (it: World, one: Life, draw: Draw) => {
    const plan = planned(it, one.influencer, draw(5) === 0 ? "EUR" : "USD", draw);
    return plan && (() => submit(it, plan));
  },
  settle: (it: World, one: Life, draw: Draw) => {
    const found = trip(it, one, ["submitted"], draw);
    return found && (() => settle(it, found));
  },
  comeBack: (it: World, one: Life, draw: Draw) => {
    const found = trip(it, one, ["submitted", "settled"], draw);
    const follows = draw(2) === 0;
    const back = () => {
      if (found) comeBack(it, found);
      for (const each of it.story.lives.filter(() => follows)) {
        restated(it, each);
        spend(it, each);
      }
    };
    return found && back;
  },
};

const purses = {
  fund: (it: World, one: Life, draw: Draw) => () => {
    const amountMinor = amount(draw);
    fund(it, amountMinor);
    if (draw(2) === 0) reserve(it, one, amountMinor);
  },
  reserve: (it: World, one: Life, draw: Draw) => {
    const there = has(it.story, "USD brand:deposit");
    return there > 0 ? () => reserve(it, one, upTo(draw, there)) : undefined;
  },
  unreserve: (it: World, one: Life, draw: Draw) => {
    const there = has(it.story, `USD brand:reserved:${one.contract}`);
    return there > 0 ? () => reserve(it, one, -upTo(draw, there)) : undefined;
  },
  spend: (it: World, one: Life) => () => spend(it, one),
  remit: (it: World, _: Life, draw: Draw) => {
    const there = has(it.story, "USD tax:withheld");
    return there > 0 ? () => remit(it, upTo(draw, there)) : undefined;
  },
  advance: (it: World, one: Life, draw: Draw) => () => advance(it, one, amount(draw)),
  recoup: (it: World, one: Life) => () => recoup(it, one),
  writeOff: (it: World, one: Life, draw: Draw) => {
    const owed = -position(it.story, one);
    return owed > 0 ? () => writeOff(it, one, upTo(draw, owed)) : undefined;
  },
  exchange: (it: World, one: Life, draw: Draw) => {
    const there = free(it.story, one);
    return there > 0 ? () => exchange(it, one, upTo(draw, there)) : undefined;
  },
};

/** Whatever brings a contract's money furthest from where it is: what chance alone would hardly ever do. */
const onward: Event = (it, one, draw) => {
  const arrives = travels.settle(it, one, draw);
  const low = one.items.filter(({ stage }) => stage < 3);
  if (arrives)
    return () => {
      arrives();
      spend(it, one);
    };
  if (low.length === 0 && free(it.story, one) > 0) return travels.submit(it, one, draw);
  return () => {
    for (const item of low) item.stage += 1;
    if (low.length === 0) earnings.accrue(one, draw);
    restated(it, one);
  };
};

const events: readonly Event[] = [
  ...Array.from({ length: 10 }, () => change),
  ...Object.values(travels),
  ...Object.values(purses),
  ...Array.from({ length: 6 }, () => onward),
];

const held = (it: World): ReadonlyMap<string, number> =>
  new Map(
    [...it.books].flatMap(([currency, ledger]) =>
      [...ledger].flatMap(([name, balance]) => (balance === 0 ? [] : [[`${currency} ${name}`, balance] as const])),
    ),
  );

const sorted = (balances: ReadonlyMap<string, number>) => Object.fromEntries([...balances].sort());

const checked = (it: World): void => {
  expect(sorted(held(it))).toEqual(sorted(foretold(it.story)));
  expect(flaws({ journal: it.journal, payouts: payoutsOf(it), balances: it.books, contracts })).toEqual([]);
};

const lived = (numbers: readonly number[]): World => {
  const it = world();
  let next = 0;
  const draw: Draw = (below) => (numbers[next++] ?? 0) % below;
  while (next < numbers.length) {
    const event = events[draw(events.length)]!;
    const act = event(it, it.story.lives[draw(3)]!, draw);
    if (!act) continue;
    it.events += 1;
    act();
    checked(it);
  }
  return it;
};

const chance = fc.array(fc.nat({ max: 100_000 }), { minLength: 80, maxLength: 500, size: "max" });

describe("a brand's books through whatever may happen to them", () => {
  it("hold after every event what the story says, break no invariant, and go every way the chart has", {
    timeout: 120_000,
  }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(chance, (numbers) => {
        for (const edge of lived(numbers).edges) seen.add(edge);
      }),
      { numRuns: 600, interruptAfterTimeLimit: 100_000 },
    );
    if (few !== undefined) return;
    expect([...seen].sort()).toEqual(edges.map(({ code, debit, credit }) => `${code} ${debit} ${credit}`).sort());
    const reached = new Set([...seen].map((edge) => Number(edge.split(" ")[0])));
    expect([...reached].sort()).toEqual(Object.values(codes).sort());
  });
});
