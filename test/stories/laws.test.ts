import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { advanced, emptyAccount, restated } from "../../server/engine/account.ts";
import { known, read } from "../../server/engine/book.ts";
import { dealOfContract } from "../../server/engine/deal.ts";
import type { AccountDoc, ContractDoc, ShareDoc } from "../../server/engine/shapes.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { statementShown } from "../../server/shown/statement.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { canonical } from "../../shared/kit/canonical.ts";
import { trialBalance } from "../../shared/pay/ledger.ts";
import { type Statement, settledAt, statement } from "../../shared/pay/statement.ts";
import { fine } from "../house.ts";
import { documentsOf, type Event, factsOf, happen, openPocket, type Pocket, replayOf } from "./pocket.ts";

const DAY = 86_400_000;
const BEGAN = Date.UTC(2026, 9, 1, 12);
const TOLD = Date.UTC(2026, 9, 25, 12);
const RUNS = Number(process.env.MAKEGOOD_LAW_RUNS ?? 40);

const base = {
  timeZone: "America/New_York",
  starts: "2026-10-01",
  ends: "2026-12-31",
  period: "month",
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
} as const;

/** Contracts that share, grade, price and pay differently, one in another currency, one whose journeys start anew. */
const contracts: Readonly<Record<string, Terms>> = {
  con_ana: {
    ...base,
    currency: "USD",
    attribution: { model: "position", windowDays: 14, house: "included" },
    quality: { require: ["email"], duplicateDays: 90 },
    pay: [
      { rule: "perResult", result: "lead", amountMinor: 1234 },
      { rule: "share", result: "sale", rateBp: 725 },
      { rule: "fixed", amountMinor: 5000, per: "period", ifAtLeast: { result: "lead", count: 2 } },
    ],
  },
  con_ben: {
    ...base,
    currency: "EUR",
    attribution: { model: "linear", windowDays: 30, house: "excluded" },
    quality: { minScore: 90, duplicateDays: 5 },
    pay: [
      {
        rule: "tiered",
        result: "lead",
        measure: "count",
        mode: "marginal",
        steps: [
          { from: 0, amountMinor: 1000 },
          { from: 1, amountMinor: 1501 },
        ],
      },
      { rule: "perResult", result: "sale", amountMinor: 333 },
      { rule: "fixed", amountMinor: 777, per: "period" },
    ],
    timing: { ...base.timing, silence: "wait", holdDays: 3 },
  },
  con_cyd: {
    ...base,
    currency: "USD",
    attribution: {
      model: "wShaped",
      milestones: ["lead", "sale"],
      after: "restart",
      windowDays: 30,
      house: "included",
    },
    pay: [
      { rule: "perResult", result: "lead", amountMinor: 457 },
      { rule: "share", result: "sale", rateBp: 1111 },
    ],
  },
};
const names = Object.keys(contracts);

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const visitor = fc.constantFrom("visitor-1", "visitor-2", "visitor-3");
const click = fc.constantFrom("lnk1.click1", "lnk2.click2", "lnk1.click3", "lnk3.click4", "lnk3.click2");
const owners: Readonly<Record<string, string>> = { lnk1: "con_ana", lnk2: "con_ben", lnk3: "con_cyd" };
const linkOf = (id: string): string => id.split(".")[0]!;

/** The touch of a click itself, at the instant its id tells. */
const clickedAt = (id: string): Event & { what: "touch" } => {
  const [link, at] = [linkOf(id), BEGAN + DAY * (2 + Number(id.at(-1)) * 3)];
  const touch = {
    id,
    at,
    visitor: null,
    click: null,
    kind: "click" as const,
    link,
    contract: owners[link]!,
    robot: false,
  };
  return { what: "touch", touch };
};

/** Instants that differ, between the contracts' signing and the moment all of this is told. */
const instants = (count: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: 22 * 24 * 60 }), { minLength: count, maxLength: count });

const visits = fc
  .array(
    fc.record({
      visitor,
      by: fc.option(click, { nil: undefined }),
      robot: fc.integer({ min: 0, max: 9 }).map((it) => it === 0),
    }),
    { maxLength: 9 },
  )
  .chain((all) =>
    instants(all.length).map((minutes) =>
      all.map(({ visitor, by, robot }, index): Event => {
        const link = by ? linkOf(by) : "";
        const id = `visit:${index}`;
        const at = BEGAN + minutes[index]! * 60_000 + 7;
        const whose = { visitor, click: by ?? null, link, contract: owners[link] ?? null };
        return { what: "touch", touch: { id, at, kind: "visit", robot, ...whose } };
      }),
    ),
  );

const reports = fc
  .array(
    fc.record({
      result: fc.constantFrom("lead", "lead", "sale"),
      visitor: fc.option(visitor, { nil: undefined }),
      by: fc.option(click, { nil: undefined }),
      email: fc.constantFrom("a@mail.example", "b@mail.example", "info@mail.example", "nonsense"),
      value: fc.constantFrom(undefined, 199, 10_001),
      currency: fc.constantFrom("USD", "EUR"),
      robot: fc.integer({ min: 0, max: 4 }).map((it) => it === 0),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .chain((all) =>
    instants(all.length).map((minutes) =>
      all.map(({ result, visitor, by, email, value, currency, robot }, index): Event => {
        const money = value === undefined ? {} : { valueMinor: value, currency };
        const told = { via: "server", robot, fields: { email }, digest: sha256(email) } as const;
        const who = { visitor, clicks: by ? [by] : [], at: BEGAN + minutes[index]! * 60_000 };
        const named = { conversion: `cnv_${index}`, externalId: `ext-${index}`, result };
        return {
          what: "report",
          report: { ...named, ...told, ...who, ...money },
          // A result may be told before the click that led to it: that comes among the other touches.
          clicked: [],
        };
      }),
    ),
  );

const conversion = fc.integer({ min: 0, max: 6 }).map((index) => `cnv_${index}`);
const decisions = fc.array(
  fc.oneof(
    fc.record({ what: fc.constantFrom("approve" as const, "reject" as const), conversion }),
    fc.record({
      what: fc.constant("reverse" as const),
      conversion,
      reversal: fc.constantFrom("r1", "r2"),
      permille: fc.constantFrom(1, 333, 500, 1000),
    }),
    fc.record({ what: fc.constant("wait" as const), ms: fc.constantFrom(DAY, 4 * DAY, 8 * DAY, 30 * DAY) }),
  ),
  { maxLength: 8 },
);

const evidence = fc
  .tuple(visits, reports)
  .map(([some, more]): readonly Event[] => [
    ...["lnk1.click1", "lnk2.click2", "lnk1.click3", "lnk3.click4", "lnk3.click2"].map(clickedAt),
    ...some,
    ...more,
  ]);

const open = async (): Promise<Pocket> => {
  const pocket = await openPocket(BEGAN, contracts);
  pocket.clock.at = TOLD;
  return pocket;
};

const inTurn = async (pocket: Pocket, events: readonly Event[]): Promise<void> => {
  for (const event of events) await happen(pocket, event);
};

const told = (pocket: Pocket): Promise<readonly Statement[]> =>
  Promise.all(
    names.map(async (it) => (await statementShown(pocket.reader, it, pocket.clock.at)).statement as Statement),
  );

test("laws 2: in whatever order, however often and in whatever batches things are told, the statements are the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      evidence.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length }))),
      fc.array(fc.nat(), { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      decisions,
      async ([straight, shuffled], again, most, after) => {
        const [one, other] = [await open(), await open()];
        await inTurn(one, straight);
        const repeated = [...shuffled, ...again.map((index) => straight[index % straight.length]!)];
        for (let at = 0; at < repeated.length; at += most)
          await Promise.all(repeated.slice(at, at + most).map((event) => happen(other, event)));
        expect(await told(other)).toEqual(await told(one));
        for (const pocket of [one, other]) await inTurn(pocket, after);
        await inTurn(other, shuffled.slice(0, 5));
        expect(await told(other)).toEqual(await told(one));
        expect([one.warned, other.warned]).toEqual([[], []]);
      },
    ),
    { numRuns: RUNS },
  );
});

const sharesOf = async ({ store, brand }: Pocket, contract: string): Promise<readonly ShareDoc[]> =>
  (await store.documents(brand, { prefix: `share/${contract}/`, limit: 10_000 })).map(([, body]) => body as never);

/** Price a contract's shares from nothing, in the opposite order, as of when its account was last advanced. */
const recomputed = (contract: ContractDoc, account: AccountDoc, shares: readonly ShareDoc[]): AccountDoc => {
  const [deal, none] = [dealOfContract(contract), { pieces: [] }];
  const nothing = { ...emptyAccount(contract, account.currency), closed: account.closed };
  const priced = [...shares].reverse().reduce((it, share) => restated(it, deal, none, undefined, share), nothing);
  return advanced(priced, deal, none, account.asOf);
};

/** What an account holds of each result, stage by stage and period by period, leaving out what is nothing. */
const volumesIn = (account: AccountDoc | undefined): readonly string[] =>
  Object.entries(account?.sums ?? {})
    .flatMap(([stage, periods]) =>
      Object.entries(periods).flatMap(([period, { volumes }]) =>
        Object.entries(volumes).flatMap(([result, [count, value]]) =>
          count === "0" && value === "0" ? [] : [[stage, period, result, count, value].join(" ")],
        ),
      ),
    )
    .sort();

const holds = async (pocket: Pocket): Promise<void> => {
  for (const [contract, terms] of Object.entries(contracts)) {
    const account = await read<AccountDoc>(pocket.reader, `account/${contract}`);
    const shares = await sharesOf(pocket, contract);
    const whole = statement(terms, shares, Math.max(settledAt(terms, shares), pocket.clock.at));
    for (const { lines, earnedMinor } of whole.periods)
      expect(earnedMinor).toBe(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0));
    expect(whole.totalMinor).toBe(whole.periods.reduce((sum, { earnedMinor }) => sum + earnedMinor, 0));
    expect(account?.posted ?? null).toEqual(account?.wanted ?? null);
    expect(account?.wanted.reached.validated ?? 0).toBe(whole.totalMinor);
    if (!account) continue;
    const doc = await read<ContractDoc>(pocket.reader, `contract/${contract}`);
    const again = recomputed(doc!, account, shares);
    expect(account.wanted).toEqual(again.wanted);
    expect(volumesIn(account)).toEqual(volumesIn(again));
  }
};

const balanced = async (pocket: Pocket): Promise<void> => {
  const moved = new Map<string, Map<string, number>>();
  for (const fact of await factsOf(pocket)) {
    if (fact.type !== "money-moved" || fact.contract === null) continue;
    const { contract } = fact;
    const { currency } = contracts[contract]!;
    for (const transfer of fact.transfers) {
      expect(transfer.currency).toBe(currency);
      expect([transfer.debit, transfer.credit].every((account) => account.includes(contract))).toBe(true);
      const book = moved.get(currency) ?? new Map<string, number>();
      moved.set(currency, book);
      book.set(transfer.debit, (book.get(transfer.debit) ?? 0) + transfer.amountMinor);
      book.set(transfer.credit, (book.get(transfer.credit) ?? 0) - transfer.amountMinor);
      // At every prefix, not only in the end.
      expect(trialBalance(book)).toBeUndefined();
    }
  }
  for (const [currency, book] of moved)
    for (const [account, balanceMinor] of book)
      expect(await known(pocket.reader, `balance/${currency}/${account}`)).toEqual({ balanceMinor });
};

test("laws 3, 4, 8 and 10: what is kept step by step is what is computed from nothing, and every sum comes out", async () => {
  await fc.assert(
    fc.asyncProperty(evidence, decisions, fc.infiniteStream(fc.nat()), async (events, after, dice) => {
      const pocket = await open();
      const all = [...events.map((event) => event), ...after];
      // Decisions fall anywhere among what they decide about.
      for (const event of after) all.splice(Number(dice.next().value) % all.length, 0, event);
      await inTurn(pocket, all);
      // Whatever is left falls due, until the contracts are long over.
      await happen(pocket, { what: "wait", ms: 120 * DAY });
      await holds(pocket);
      await balanced(pocket);
      const [stored, drawn] = [await documentsOf(pocket), await replayOf(pocket)];
      expect([...drawn.keys()].sort()).toEqual([...stored.keys()].sort());
      for (const [key, body] of stored) expect(canonical(drawn.get(key)!), key).toBe(canonical(body));
      fine((await verifyBrand(pocket.store, pocket.brand, { replaying: () => {}, comparing: () => {} })) as never);
      expect(pocket.warned).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
