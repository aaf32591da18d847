import { type Verdict, verdict } from "../../shared/judge/verdict.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import type { TouchRow } from "../store/store.ts";
import { known, read } from "./book.ts";
import { easeDisputes } from "./due.dispute.ts";
import { gather, type Happened, LONGEST_WINDOW_MS, under } from "./gather.ts";
import { recordHeldOut } from "./holdout.ts";
import type { Part } from "./part.ts";
import { bearsOn, conversionsOf, MOST_VISITORS, visitorsOf } from "./person.ts";
import { postMoney } from "./posting.ts";
import type { ContractDoc, ConversionDoc } from "./shapes.ts";
import { heldMicroOf, isFinal } from "./share.ts";
import type { Unit } from "./unit.ts";

const recordable = (it: Verdict, visitors: readonly string[]) => ({
  settings: it.settings.map(({ attribution, context, considered, shares }) => ({
    attribution,
    ...(context && { context }),
    considered: considered.map((row) => ({ ...row, touch: { ...row.touch } })),
    shares: shares.map((share) => ({ ...share })),
  })),
  parts: it.parts.map(({ ...part }) => part),
  grade: it.grade,
  ...(visitors.length > 0 && { visitors }),
});

/** Was this report of a result replaced by the brand's own? Then it is nobody's conversion any more. */
const gaveWay = async (unit: Unit, { recorded }: ConversionDoc): Promise<boolean> => {
  const stands = await read<{ conversion: string }>(unit, `external/${recorded.result}/${recorded.externalId}`);
  return stands?.conversion !== recorded.conversion;
};

/** The parts of a verdict that counted on statements that are final: nothing of them changes any more but the share. */
const finalParts = async (unit: Unit, doc: ConversionDoc): Promise<ReadonlyMap<string, Part>> => {
  const final = new Map<string, Part>();
  for (const part of doc.verdict?.parts ?? []) {
    if (doc.countedAt[part.contract] === undefined) continue;
    const contract = await known<ContractDoc>(unit, `contract/${part.contract}`);
    if (isFinal(contract, doc.recorded.at, unit.now)) final.set(part.contract, part);
  }
  return final;
};

/** Contracts whose share another verdict has made less. */
const losersOf = (before: ConversionDoc, after: ConversionDoc): readonly string[] => {
  const paidMicro = (doc: ConversionDoc) =>
    new Map((doc.verdict?.parts ?? []).map((part) => [part.contract, part.shareMicro - heldMicroOf(doc, part)]));
  const now = paidMicro(after);
  return [...paidMicro(before)].flatMap(([contract, was]) => ((now.get(contract) ?? 0) < was ? [contract] : []));
};

/** Judge one conversion. Where it says something new of who converted, or whether at all: who that was known to be before. */
const judgeOne = async (unit: Unit, conversion: string, by: string): Promise<readonly string[] | undefined> => {
  const doc = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  if (doc.verdict && (await gaveWay(unit, doc))) return undefined;
  const final = await finalParts(unit, doc);
  if (final.size > 0 && unit.now - doc.recorded.at > LONGEST_WINDOW_MS) return undefined;
  const visitors = await visitorsOf(unit, doc);
  const evidence = await gather(unit, doc, visitors, final);
  const found = recordable(verdict(evidence), visitors);
  const same = doc.verdict && canonical(doc.verdict as unknown as Json) === canonical(found as unknown as Json);
  if (!same) await unit.record({ type: "conversion-judged", conversion, ...(found as object) } as never, by);
  await recordHeldOut(unit, conversion, evidence.holdouts, by);
  await postMoney(unit, conversion, by);
  if (!doc.verdict) return [];
  if (same) return undefined;
  const after = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  await easeDisputes(unit, conversion, losersOf(doc, after), by);
  const was = doc.verdict.visitors ?? [];
  return visitors.join(" ") !== was.join(" ") || doc.isVoid !== after.isVoid ? was : undefined;
};

/**
 * Judge conversions, or judge them anew; record each verdict that says something new, and the money that follows. Where
 * one counted on a statement that is final, the difference stands in the statement that is open; what no window reaches
 * any more is left as it is. Whoever turns out to be the same person has all their conversions judged as that person's.
 */
export const judge = async (unit: Unit, conversions: Iterable<string>, by: string): Promise<void> => {
  const waiting = new Set([...conversions].sort());
  for (const conversion of waiting) {
    // A set goes on to what is added while it is gone through: out first, so that it may come in again.
    waiting.delete(conversion);
    const was = await judgeOne(unit, conversion, by);
    if (was) for (const other of await bearsOn(unit, conversion, { was })) waiting.add(other);
  }
};

/**
 * Where something lets a conversion count or not: judge anew what rests on it, such as journeys that start after it, and
 * leads it was in the way of.
 */
export const judgeWhatRests = async (unit: Unit, before: ConversionDoc, by: string): Promise<void> => {
  const { conversion } = before.recorded;
  const { isVoid, rejected } = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  const isNews = isVoid !== before.isVoid || !rejected !== !before.rejected;
  if (isNews) await judge(unit, await bearsOn(unit, conversion), by);
};

/** Is it news who came by a click? Not where so many came before already that nobody can say who it was. */
const tellsWho = async (unit: Unit, { visitor, click }: TouchRow, told: readonly TouchRow[]): Promise<boolean> => {
  if (visitor === null || click === null) return false;
  const now = new Set(told.map((row) => (row.click === click ? row.visitor : null)));
  return (await unit.visitorsOf([click])).filter((it) => !now.has(it)).length <= MOST_VISITORS;
};

/** The click a touch belongs to: a click's own id, for a result may be told before the click that led to it is on disk. */
const clickOf = ({ id, kind, click }: TouchRow): string | null => (kind === "click" ? id : click);

const concerned = async (unit: Unit, row: TouchRow, told: readonly TouchRow[]): Promise<readonly Happened[]> => {
  const { visitor, at } = row;
  const click = clickOf(row);
  const converted = visitor ? await conversionsOf(unit, visitor) : [];
  const theirs = converted.map(([conversion, it]): Happened => ({ conversion, at: it.at }));
  const led = click ? await under(unit, `click/${click}/`) : [];
  const known = new Set(theirs.map(({ conversion }) => conversion));
  const isTold = led.length > 0 && (await tellsWho(unit, row, told));
  // A touch longer before than any terms look back cannot matter.
  const isInReach = (it: Happened): boolean => it.at >= at && it.at - at <= LONGEST_WINDOW_MS;
  // Whenever it is told who came by a click, the conversions by it have a person, and that person's other touches count.
  const isNews = (it: Happened): boolean =>
    isInReach(it) || (isTold && it.visitor === undefined && !known.has(it.conversion));
  return [...theirs.filter(isInReach), ...led.filter(isNews)];
};

const placesOf = (row: TouchRow): readonly string[] => {
  const click = clickOf(row);
  return [...(row.visitor === null ? [] : [`visitor/${row.visitor}/`]), ...(click === null ? [] : [`click/${click}/`])];
};

/** Touches of those who converted. Nearly nobody did, and one question for all of them says so. */
const ofConverted = async (unit: Unit, touches: readonly TouchRow[]): Promise<readonly TouchRow[]> => {
  const places = touches.flatMap(placesOf);
  const known = places.length === 0 ? undefined : await unit.populated(places);
  const theirs = known?.size ? touches.filter((row) => placesOf(row).some((place) => known.has(place))) : [];
  // A click comes with every result that names it, and is news once: one that is passed on leads to hundreds of them.
  const clicks = theirs.flatMap(({ kind, id }) => (kind === "click" ? [id] : []));
  const old = clicks.length === 0 ? undefined : await unit.kept(clicks);
  return old ? theirs.filter(({ kind, id }) => kind !== "click" || !old.has(id)) : theirs;
};

/**
 * Judge anew what touches that came late concern: conversions of the same person that happened at or after them. `told` are
 * all that arrived together.
 */
export const followTouches = async (
  unit: Unit,
  touches: readonly TouchRow[],
  told: readonly TouchRow[],
): Promise<Result<unknown>> => {
  const late = new Set<string>();
  for (const row of await ofConverted(unit, touches))
    for (const { conversion } of await concerned(unit, row, told)) late.add(conversion);
  await judge(unit, late, "late-touch");
  return ok(undefined);
};
