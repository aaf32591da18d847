import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import type { ConversionColumns, TouchColumns } from "../../shared/judge/columns.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { known } from "../engine/book.ts";
import type { CampaignDoc } from "../engine/shapes.ts";
import type { TouchRow } from "../store/store.ts";
import { type Cast, castOf, type Places } from "./cast.ts";
import type { Desk } from "./desk.ts";
import { type Outcome, outcomesOf } from "./outcomes.ts";
import { type Days, instantsOf } from "./question.ts";
import { type Gathering, gathering } from "./touches.ts";
import { columnsOf } from "./units.ts";

/** What journeys are gathered of: a campaign's, of some days, to one result or to all, as far back as terms look. */
export interface Asked extends Days {
  readonly campaign: string;
  readonly result: string | null;
  readonly terms: AttributionTerms;
}

/** The journeys of a campaign in columns. A visitor of these is a person on the way to some conversions, or to none. */
export interface Journeys {
  readonly touches: TouchColumns;
  readonly conversions: ConversionColumns;
  /** For each row of `conversions` its place in `outcomes`; −1 for one that only bears on journeys to others. */
  readonly outcomeOf: Int32Array;
  readonly outcomes: readonly Outcome[];
  /** Influencers by their place, the house first. */
  readonly payees: Places;
  /** Names of results by their place. */
  readonly results: Places;
  /** How many touches there are in the days asked about. */
  readonly touchCount: number;
  /** Which part of the people was looked at, in millionths. */
  readonly lookedAtMicro: number;
}

const ALL_MICRO = 1_000_000;
const PERSONS = 2 ** 32;

/** Whom we look at: those whose hash lies in the part. Everybody, where there are not too many touches. */
const partOf = (touches: number, most: number) => {
  const lookedAtMicro = touches <= most ? ALL_MICRO : Math.max(1, Math.floor((most / touches) * ALL_MICRO));
  const below = (lookedAtMicro / ALL_MICRO) * PERSONS;
  return { lookedAtMicro, isIn: (who: string): boolean => lookedAtMicro === ALL_MICRO || scatter(who) < below };
};

/** People and clicks with a conversion that is looked at, and with one that is not. */
interface Told {
  readonly people: ReadonlySet<string>;
  readonly clicks: ReadonlySet<string>;
  readonly leftOut: ReadonlySet<string>;
}

const toldOf = (outcomes: readonly Outcome[], leftOut: readonly Outcome[]): Told => {
  const people = new Set(outcomes.flatMap(({ visitors }) => visitors));
  const clicks = new Set(outcomes.flatMap((it) => it.clicks));
  return { people, clicks, leftOut: new Set(leftOut.flatMap((it) => [...it.visitors, ...it.clicks])) };
};

/** Takes in one touch, if it is of somebody who is looked at. */
const taker = (cast: Cast, told: Told, isIn: (who: string) => boolean, into: Gathering, claimed: Set<string>) => {
  const take = (row: TouchRow, payee: number): void => {
    const { id, click, visitor } = row;
    const isOfClick = told.clicks.has(id) || (click !== null && told.clicks.has(click));
    const isTold = isOfClick || (visitor !== null && told.people.has(visitor));
    const who = visitor ?? click ?? id;
    if (!isTold && (told.leftOut.has(who) || !isIn(who))) return;
    const place = into.add(row, payee, cast.isOwn(row), who, isTold);
    for (const it of new Set([id, click ?? id])) {
      if (!told.clicks.has(it)) continue;
      into.ofClick.set(it, [...(into.ofClick.get(it) ?? []), place]);
    }
  };
  return async (row: TouchRow): Promise<void> => {
    if (row.robot) return;
    // Whoever repeats a click as themselves is the one who clicked: the click alone is nobody else.
    if (row.visitor !== null && row.click !== null) claimed.add(row.click);
    const payee = cast.payee(row);
    take(row, typeof payee === "number" ? payee : await payee);
  };
};

const AT_A_TIME = 2000;

const swept = async (
  { store, brand, breathe }: Desk,
  { from, until }: { readonly from: number; readonly until: number },
  cast: Cast,
  take: (row: TouchRow) => Promise<void>,
): Promise<void> => {
  for (let after: TouchRow | undefined; ; ) {
    const rows = await store.sweep(brand, { from, until, after, limit: AT_A_TIME });
    await cast.meet(rows);
    for (const row of rows) await take(row);
    if (rows.length < AT_A_TIME) return;
    after = rows.at(-1);
    await breathe();
  }
};

/**
 * Gather the journeys of a campaign: every touch of everybody who converted in these days, and of everybody else who met
 * the campaign in them, as far back as the terms look. Machines are left out. The journey to a conversion is what its
 * verdict was judged on: the touches of the same visitors and clicks, credited to the same people.
 */
export const journeysOf = async (desk: Desk, asked: Asked): Promise<Journeys> => {
  const days = instantsOf(asked);
  const span = { from: days.from - Math.round(asked.terms.windowDays * DAY_MS), until: days.until };
  const all = (await outcomesOf(desk, asked.campaign, days)).filter(
    ({ result }) => asked.result === null || result === asked.result,
  );
  const part = partOf(await desk.store.touchCount(desk.brand, span.from, span.until), desk.mostTouches);
  const isLookedAt = ({ visitors, clicks, id }: Outcome): boolean => part.isIn(visitors[0] ?? clicks[0] ?? id);
  const outcomes = all.filter(isLookedAt);
  const told = toldOf(outcomes, part.lookedAtMicro === ALL_MICRO ? [] : all.filter((it) => !isLookedAt(it)));
  const cast = castOf(desk.reader, await known<CampaignDoc>(desk.reader, `campaign/${asked.campaign}`));
  const [gathered, claimed] = [gathering(), new Set<string>()];
  await swept(desk, span, cast, taker(cast, told, part.isIn, gathered, claimed));
  const columns = await columnsOf(desk, { gathered, outcomes, cast, claimed, from: days.from, terms: asked.terms });
  return { ...columns, outcomes, payees: cast.payees, lookedAtMicro: part.lookedAtMicro };
};
