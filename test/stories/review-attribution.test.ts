import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known } from "../../server/engine/book.ts";
import { MOST_VISITORS } from "../../server/engine/person.ts";
import type { ConversionDoc } from "../../server/engine/shapes.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { statementShown } from "../../server/shown/statement.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { HOUSE } from "../../shared/journey/touch.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { verdict } from "../../shared/judge/verdict.ts";
import { fine } from "../house.ts";
import { type Event, factsOf, happen, openPocket, type Pocket } from "./pocket.ts";
import { DAY } from "./scene.ts";

const MINUTE = 60_000;
const BEGAN = Date.UTC(2026, 9, 1, 12);
const TOLD = Date.UTC(2026, 9, 25, 12);

const paying = (attribution: AttributionTerms): Terms => ({
  timeZone: "America/New_York",
  starts: "2026-10-01",
  ends: "2026-12-31",
  period: "month",
  currency: "USD",
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  timing: { reviewDays: 7, silence: "wait", holdDays: 14, disputeDays: 30 },
  attribution: attribution as Terms["attribution"],
  pay: [
    { rule: "perResult", result: "lead", amountMinor: 1000 },
    { rule: "perResult", result: "sale", amountMinor: 5000 },
  ],
});
const linear: AttributionTerms = { model: "linear", windowDays: 30, house: "excluded" };
const anew: AttributionTerms = { ...linear, after: "restart" };

const open = async (ana: AttributionTerms, bea: AttributionTerms = ana): Promise<Pocket> => {
  const pocket = await openPocket(BEGAN, { con_ana: paying(ana), con_bea: paying(bea) });
  pocket.clock.at = TOLD;
  return pocket;
};

const inTurn = async (pocket: Pocket, events: readonly Event[]): Promise<void> => {
  for (const event of events) await happen(pocket, event);
};

const seen = (visitor: string, owner: "ana" | "bea" | null, minute: number, click: string | null = null): Event => ({
  what: "touch",
  touch: {
    id: `visit:${visitor}-${minute}`,
    at: BEGAN + minute * MINUTE,
    visitor,
    click,
    kind: "visit",
    link: owner === null ? "" : `lnk-${owner}`,
    contract: owner === null ? null : `con_${owner}`,
    robot: false,
  },
});

const told = (name: string, minute: number, more: object = {}): Event & { what: "report" } => ({
  what: "report",
  clicked: [],
  report: {
    conversion: `cnv_${name}`,
    externalId: name,
    result: "sale",
    at: BEGAN + minute * MINUTE,
    via: "server",
    robot: false,
    clicks: [],
    fields: {},
    ...more,
  },
});
const mail = (letter: string) => ({ digest: letter.repeat(64), fields: { email: `${letter}@visitor.example` } });

const docOf = ({ reader }: Pocket, name: string) => known<ConversionDoc>(reader, `conversion/cnv_${name}`);
const sharesOf = async (pocket: Pocket, name: string) =>
  Object.fromEntries(
    ((await docOf(pocket, name)).verdict?.parts ?? []).map((it) => [it.contract.slice("con_".length), it.shareMicro]),
  );
const visitorsOf = async (pocket: Pocket, name: string) => (await docOf(pocket, name)).verdict?.visitors ?? [];
const isSound = async (pocket: Pocket): Promise<void> => {
  expect(pocket.warned).toEqual([]);
  fine((await verifyBrand(pocket.store, pocket.brand, { replaying: () => {}, comparing: () => {} })) as never);
};
const judgements = async (pocket: Pocket): Promise<number> =>
  (await factsOf(pocket)).filter(({ type }) => type === "conversion-judged").length;

describe("who is one person", () => {
  const crowd = (count: number) =>
    Array.from({ length: count }, (_, place) => [
      seen(`visitor-${place}`, place === 0 ? "bea" : "ana", 10 + place),
      told(`of-${place}`, 5000 + place, { visitor: `visitor-${place}`, ...mail("a") }),
    ]);

  it("an e-mail links the visitors that gave it, until more gave it than one person can be: then nobody's", async () => {
    const pocket = await open(linear);
    for (const events of crowd(MOST_VISITORS)) await inTurn(pocket, events);
    expect(await visitorsOf(pocket, "of-0")).toHaveLength(MOST_VISITORS);
    expect(await sharesOf(pocket, "of-0")).toMatchObject({ ana: expect.any(Number), bea: expect.any(Number) });
    await inTurn(pocket, crowd(MOST_VISITORS + 1).at(-1)!);
    for (const place of [0, 1, MOST_VISITORS]) {
      expect(await visitorsOf(pocket, `of-${place}`)).toEqual([`visitor-${place}`]);
      expect(await sharesOf(pocket, `of-${place}`)).toMatchObject(
        place === 0 ? { bea: 1_000_000 } : { ana: 1_000_000 },
      );
    }
    await isSound(pocket);
  });

  it.each([
    ["an office's address", { fields: { email: "info@company.example" } }],
    ["a machine that gives somebody's address", { robot: true }],
  ])("%s links nobody", async (_, more) => {
    const pocket = await open(linear);
    const ofBoth = { ...mail("a"), ...more };
    await inTurn(pocket, [
      seen("visitor-1", "ana", 10),
      seen("visitor-2", "bea", 20),
      told("one", 100, { visitor: "visitor-1", ...ofBoth }),
      told("two", 200, { visitor: "visitor-2", ...ofBoth }),
    ]);
    expect(await sharesOf(pocket, "one")).toEqual({ ana: 1_000_000 });
    expect(await sharesOf(pocket, "two")).toEqual({ bea: 1_000_000 });
    await isSound(pocket);
  });

  it("a mailbox of hundreds costs no more judgements a report than that of two", async () => {
    const pocket = await open(anew);
    const reports = crowd(60);
    for (const events of reports.slice(0, 40)) await inTurn(pocket, events);
    const before = await judgements(pocket);
    for (const events of reports.slice(40)) await inTurn(pocket, events);
    expect(await judgements(pocket)).toBe(before + 20);
    await isSound(pocket);
  });

  it("a click that was passed on to many tells of nobody, and telling of it again judges nothing anew", async () => {
    const pocket = await open(linear);
    const click = "lnk-ana.passed-on";
    const touch = { id: click, at: BEGAN, visitor: null, click: null, kind: "click" as const };
    await happen(pocket, {
      what: "touch",
      touch: { ...touch, link: "lnk-ana", contract: "con_ana", robot: false },
    });
    await inTurn(
      pocket,
      [0, 1, 2].map((place) => told(`by-${place}`, 10, { clicks: [click] })),
    );
    const came = (place: number) => seen(`visitor-${place}`, "ana", 1 + place / 100, click);
    for (let place = 0; place < MOST_VISITORS; place += 1) await happen(pocket, came(place));
    expect(await visitorsOf(pocket, "by-0")).toHaveLength(MOST_VISITORS);
    await happen(pocket, came(MOST_VISITORS));
    expect(await visitorsOf(pocket, "by-0")).toEqual([]);
    expect(await sharesOf(pocket, "by-0")).toEqual({ ana: 1_000_000 });
    const pageLater = (place: number) => seen(`visitor-${place}`, "ana", 20 + place / 100, click);
    const before = await judgements(pocket);
    for (let place = MOST_VISITORS + 1; place < MOST_VISITORS + 20; place += 1) await happen(pocket, pageLater(place));
    expect(await judgements(pocket)).toBe(before);
    await isSound(pocket);
  });

  it("whom a page alone told of under an id that the server then gave to another is nobody's other device", async () => {
    const events = [
      seen("visitor-q", "ana", 10),
      seen("visitor-stranger", "bea", 20),
      told("q", 100, { visitor: "visitor-q", ...mail("a") }),
    ];
    const claim = told("p", 90, { externalId: "order-1", via: "page", visitor: "visitor-stranger", ...mail("a") });
    const order = told("s", 200, { externalId: "order-1", visitor: "visitor-s" });
    const [claimed, other] = [await open(anew), await open(anew)];
    await inTurn(claimed, [...events, claim]);
    expect(await visitorsOf(claimed, "q")).toEqual(["visitor-q", "visitor-stranger"]);
    await happen(claimed, order);
    await inTurn(other, [...events, order, claim]);
    for (const pocket of [claimed, other]) {
      expect(await visitorsOf(pocket, "q")).toEqual(["visitor-q"]);
      expect(await sharesOf(pocket, "q")).toMatchObject({ ana: 1_000_000 });
      await isSound(pocket);
    }
  });
});

describe("a journey", () => {
  it("of thousands of touches keeps everybody's: nobody pushes another's out by telling of more", async () => {
    const pocket = await open(linear);
    const flood = (from: number) => Array.from({ length: 700 }, (_, minute) => seen("visitor-1", "ana", from + minute));
    await pocket.record.take(
      pocket.brand,
      [...flood(0), seen("visitor-1", "bea", 705), ...flood(710)].map((it) => (it as Event & { what: "touch" }).touch),
    );
    await happen(pocket, told("s", 2000, { visitor: "visitor-1" }));
    expect(await sharesOf(pocket, "s")).toMatchObject({ bea: expect.any(Number) });
    expect((await docOf(pocket, "s")).verdict?.settings[0]?.considered.length).toBeLessThanOrEqual(1000);
    await isSound(pocket);
  });

  const ofOne = { visitor: "visitor-1" };
  const credited = { ana: 1_000_000 };

  it.each([
    [
      "a lead whose address had a slip",
      told("first", 20, { ...ofOne, result: "lead", via: "page", fields: { email: "mira@" } }),
    ],
    ["a sale that a page alone told of", told("first", 20, { ...ofOne, via: "page" })],
  ])("does not start anew after %s", async (_, first) => {
    const pocket = await open(anew);
    const { result } = first.report;
    await inTurn(pocket, [
      seen("visitor-1", "ana", 10),
      first,
      told("second", 21, { ...ofOne, result, ...mail("b") }),
      told("third", 22, { ...ofOne, result, ...mail("c") }),
    ]);
    expect(await sharesOf(pocket, "second")).toEqual(credited);
    expect(await sharesOf(pocket, "third")).toEqual({ ana: 0 });
    await isSound(pocket);
  });

  it("starts anew after a conversion for as long as the brand lets that count", async () => {
    const pocket = await open(anew);
    await inTurn(pocket, [
      seen("visitor-1", "ana", 10),
      told("first", 20, { ...ofOne, result: "lead", via: "page", ...mail("a") }),
      told("second", 40, { ...ofOne, result: "lead", via: "page", ...mail("b") }),
    ]);
    expect([await sharesOf(pocket, "first"), await sharesOf(pocket, "second")]).toEqual([credited, { ana: 0 }]);
    await happen(pocket, { what: "reject", conversion: "cnv_first" });
    expect(await sharesOf(pocket, "second")).toEqual(credited);
    await isSound(pocket);
  });

  it("has no peak for a milestone that was reached before it began", () => {
    const at = BEGAN + 10 * DAY;
    const touch = (name: string, days: number, payee: string) =>
      ({ id: name, at: BEGAN + days * DAY, order: 1, payee, link: "", kind: "click" }) as const;
    const terms = paying({ ...anew, model: "wShaped", milestones: ["lead"] });
    const of = { influencer: "inf", campaign: "cmp", version: 1, terms, termsHash: "a".repeat(64) };
    const other = (conversion: string, result: string, days: number) => ({
      conversion,
      result,
      at: BEGAN + days * DAY,
    });
    const { settings, parts } = verdict({
      conversion: { id: "cnv", at, result: "sale" },
      touches: [touch("a", 5, "con_a"), touch("b", 6, "con_b"), touch("c", 9, HOUSE), touch("d", 9.5, "con_a")],
      deals: ["con_a", "con_b"].map((contract) => ({ ...of, contract })),
      fields: {},
      earlier: [],
      robot: false,
      others: [other("lead-1", "lead", 2), other("sale-1", "sale", 3), other("lead-2", "lead", 7)],
    });
    expect(settings[0]?.context).toEqual({ since: BEGAN + 3 * DAY, milestones: [BEGAN + 7 * DAY] });
    expect(parts.map(({ shareMicro }) => shareMicro)).toEqual([550_000, 450_000]);
  });
});

describe("in whatever order", () => {
  const visitor = fc.constantFrom("visitor-1", "visitor-2", "visitor-3");
  const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 22 * 24 * 60 }), { minLength: 12, maxLength: 12 });
  const touches = fc.array(fc.tuple(visitor, fc.constantFrom("ana" as const, "bea" as const, null)), {
    minLength: 2,
    maxLength: 6,
  });
  const reports = fc.array(
    fc.record({
      of: visitor,
      letter: fc.constantFrom("a", "b"),
      result: fc.constantFrom("sale", "lead"),
      isNamed: fc.boolean(),
      isRejected: fc.boolean(),
      /** A page told of it first, under the same id, as whoever. */
      claimed: fc.option(fc.record({ of: visitor, letter: fc.constantFrom("a", "b") }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 5 },
  );

  it("and whatever pages told of before the server did, the same people get the same", async () => {
    await fc.assert(
      fc.asyncProperty(touches, reports, minutes, fc.infiniteStream(fc.nat()), async (ways, results, when, dice) => {
        const came = ways.map(([of, owner], place) => seen(of, owner, when[place]!));
        const orders = results.map(({ of, letter, result, isNamed, isRejected, claimed }, place): readonly Event[] => {
          const name = `s${place}`;
          const who = { ...(isNamed && { visitor: of }), ...mail(letter) };
          const page = claimed && {
            ...told(`p${place}`, when[6 + place]!, { via: "page", visitor: claimed.of, ...mail(claimed.letter) }),
          };
          return [
            ...(page && result === "sale" ? [{ ...page, report: { ...page.report, externalId: name } }] : []),
            told(name, when[6 + place]! + 0.5, { ...who, result }),
            ...(isRejected ? [{ what: "reject" as const, conversion: `cnv_${name}` }] : []),
          ];
        });
        const plain = orders.map((all) => all.filter((it) => it.what !== "report" || it.report.via !== "page"));
        const [one, other] = [
          await open(anew, { ...anew, model: "wShaped", milestones: ["lead"] }),
          await open(anew, { ...anew, model: "wShaped", milestones: ["lead"] }),
        ];
        await inTurn(one, [...came, ...plain.flat()]);
        const queues: Event[][] = [...came.map((it) => [it]), ...orders.map((it) => [...it])];
        for (let left = queues; left.length > 0; left = left.filter((it) => it.length > 0))
          await happen(other, left[Number(dice.next().value) % left.length]!.shift()!);
        for (const contract of ["con_ana", "con_bea"])
          expect((await statementShown(other.reader, contract, TOLD)).statement).toEqual(
            (await statementShown(one.reader, contract, TOLD)).statement,
          );
        for (const place of results.keys()) {
          expect(await visitorsOf(other, `s${place}`)).toEqual(await visitorsOf(one, `s${place}`));
          const [a, b] = [await sharesOf(other, `s${place}`), await sharesOf(one, `s${place}`)];
          for (const owner of ["ana", "bea"]) expect([owner, a[owner] ?? 0]).toEqual([owner, b[owner] ?? 0]);
        }
        await isSound(other);
      }),
      { numRuns: 80 },
    );
  });
});

it("a visitor who converts more often than anybody could is nobody: no journey starts anew after another's", async () => {
  const pocket = await open(anew);
  await inTurn(pocket, [
    seen("till", "ana", 1),
    ...Array.from({ length: 503 }, (_, place) => told(`s${place}`, 2 + place, { visitor: "till", result: "sale" })),
  ]);
  expect(await sharesOf(pocket, "s1")).toEqual({ ana: 0 });
  expect(await sharesOf(pocket, "s502")).toEqual({ ana: 1_000_000 });
  await isSound(pocket);
});
