import { createHash } from "node:crypto";
import { covers, versionAt } from "../../shared/contract/contract.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import type { OtherConversion } from "../../shared/judge/context.ts";
import type { Grade } from "../../shared/judge/quality.ts";
import { type Deal, type EarlierLead, type Evidence, type Verdict, verdict } from "../../shared/judge/verdict.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { TouchRow } from "../store/store.ts";
import { known, read } from "./book.ts";
import { easeDisputes } from "./due.dispute.ts";
import { type FitDoc, payeeName } from "./fits.ts";
import { holding, recordHeldOut } from "./holdout.ts";
import { bearsOn, type ClickDoc, conversionsOf, MOST_VISITORS, othersOf, visitorsOf } from "./person.ts";
import { postMoney } from "./posting.ts";
import type { ContractDoc, ConversionDoc } from "./shapes.ts";
import { heldMicroOf, isFinal } from "./share.ts";
import type { Unit } from "./unit.ts";

/** The longest window any terms may have. */
const LONGEST_WINDOW_MS = 365 * DAY_MS;

/** How links of imported history start: they belong to a campaign, and no one ever clicked them here. */
export const IMPORTED = "import:";

/** Touches of history count for a contract whose days cover them; a live touch only once both had signed. */
export const earns = (contract: ContractDoc, { at, link }: TouchRow): boolean => {
  if (contract.startedAt === null || !covers(contract, at)) return false;
  return link.startsWith(IMPORTED) || contract.startedAt <= at;
};

const payees = (unit: Unit, convertedAt: number) => {
  const { isHeld, holdouts } = holding(unit, convertedAt);
  const seen = new Map<string, ContractDoc | undefined>();
  const contract = async (id: string): Promise<ContractDoc | undefined> => {
    if (!seen.has(id)) seen.set(id, await read<ContractDoc>(unit, `contract/${id}`));
    return seen.get(id);
  };
  const payee = async (row: TouchRow): Promise<string> => {
    if (row.contract === null) return HOUSE;
    if (row.contract.startsWith("inf_")) return row.contract;
    const doc = await contract(row.contract);
    return doc && earns(doc, row) && !(await isHeld(doc, row)) ? row.contract : HOUSE;
  };
  return { contract, payee, holdouts };
};

const rowsOf = (unit: Unit, visitors: readonly string[], { recorded }: ConversionDoc): Promise<readonly TouchRow[]> =>
  unit.touches({ visitors, clicks: recorded.clicks }, recorded.at - LONGEST_WINDOW_MS, recorded.at);

/** What the conversion itself names, a promo code or a link without a click id, is a touch at its own instant. */
const named = async (unit: Unit, { recorded }: ConversionDoc): Promise<readonly TouchRow[]> => {
  const row = (id: string, kind: "code" | "click", link: string, contract: string): TouchRow => ({
    id: `${id}:${recorded.conversion}`,
    at: recorded.at,
    order: Number.MAX_SAFE_INTEGER - (kind === "code" ? 0 : 1),
    visitor: null,
    click: null,
    kind,
    link,
    contract,
    robot: false,
  });
  const code = recorded.code && (await read<{ contract: string }>(unit, `code/${recorded.code}`));
  const link = recorded.link && (await read<{ contract: string }>(unit, `link/${recorded.link}`));
  return [
    ...(link ? [row("link", "click", recorded.link ?? "", link.contract)] : []),
    ...(code ? [row("code", "code", recorded.code ?? "", code.contract)] : []),
  ];
};

type Part = NonNullable<ConversionDoc["verdict"]>["parts"][number];

/** The version a contract's part is judged by: of one that is final, the one it was judged by. */
const decidingOf = (doc: ContractDoc, at: number, before: Part | undefined, isSettled: boolean) => {
  const judged = doc.versions.find(({ version }) => version === before?.version);
  return isSettled ? judged : (versionAt(doc, at) ?? judged);
};

const dealsOf = async (
  touches: readonly Touch[],
  { recorded: { at }, verdict }: ConversionDoc,
  contract: (id: string) => Promise<ContractDoc | undefined>,
  final: ReadonlyMap<string, Part>,
): Promise<readonly Deal[]> => {
  const deals: Deal[] = [];
  const before = new Map((verdict?.parts ?? []).map((part) => [part.contract, part]));
  for (const id of new Set([...touches.map(({ payee }) => payee), ...before.keys()])) {
    const doc = id.startsWith("con_") ? await contract(id) : undefined;
    const decides = doc && decidingOf(doc, at, before.get(id), final.has(id));
    if (!decides) continue;
    const { influencer, campaign } = doc;
    const { version, terms, termsHash } = decides;
    const judged = final.get(id)?.grade as Grade | undefined;
    deals.push({ contract: id, influencer, campaign, version, terms, termsHash, ...(judged && { judged }) });
  }
  return deals;
};

interface Happened extends ClickDoc {
  readonly conversion: string;
}

const under = async (unit: Unit, prefix: string): Promise<readonly Happened[]> =>
  (await unit.documents(prefix)).map(([key, body]) => ({
    ...(body as unknown as ClickDoc),
    conversion: key.slice(prefix.length),
  }));

const earlierLeads = async (unit: Unit, { recorded }: ConversionDoc): Promise<readonly EarlierLead[]> => {
  if (!recorded.digest) return [];
  const found = await under(unit, `same/${recorded.result}/${recorded.digest}/`);
  return found.flatMap(({ conversion, at }) => (conversion === recorded.conversion ? [] : [{ conversion, at }]));
};

/**
 * What a touch is called in a verdict. A click's own id opens its journey to whoever repeats it, and names the link it
 * came through; everybody on the journey is shown the verdict, so the law is given, and settles ties by, another name.
 */
export const touchName = (id: string): string => mint("touch", createHash("sha256").update(id).digest());

const MOST_TOUCHES = 1000;

/**
 * The touches of people, and of a journey no person makes, thousands long, what fits: those who have the fewest keep
 * theirs, and everybody else the beginning and the end of theirs. So no one can push another's out by telling of more.
 */
const bounded = (rows: readonly TouchRow[]): readonly TouchRow[] => {
  const people = rows.filter(({ robot }) => !robot);
  if (people.length <= MOST_TOUCHES) return people;
  const owners = [...Map.groupBy(people, ({ contract }) => contract ?? "").values()].sort(
    (a, b) => a.length - b.length,
  );
  let left = MOST_TOUCHES;
  return owners.flatMap((own, index) => {
    const most = Math.max(2, Math.floor(left / (owners.length - index)));
    const inTime = own.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const kept =
      own.length <= most ? own : [...inTime.slice(0, Math.ceil(most / 2)), ...inTime.slice(-Math.floor(most / 2))];
    left -= kept.length;
    return kept;
  });
};

/** Do these terms ask what else the person converted to? */
const asksForOthers = ({ terms: { attribution } }: Deal): boolean =>
  attribution.after === "restart" || attribution.milestones !== undefined;

/** The same person's other conversions, but for those that came to nothing: they neither end a journey nor are a milestone. */
const counting = async (
  unit: Unit,
  doc: ConversionDoc,
  visitors: readonly string[],
): Promise<readonly OtherConversion[]> => {
  const others = await othersOf(unit, doc, visitors);
  return others.flatMap(({ conversion, at, result, isVoid }) => (isVoid ? [] : [{ conversion, at, result }]));
};

/** The fits that terms name, and what they call everybody with a contract here. */
const frozen = async (unit: Unit, deals: readonly Deal[]): Promise<Pick<Evidence, "fits" | "whose">> => {
  const named = [...new Set(deals.flatMap(({ terms }) => terms.attribution.learned?.fit ?? []))];
  if (named.length === 0) return {};
  const docs = await Promise.all(named.map((hash) => known<FitDoc>(unit, `fit/${hash}`)));
  const whose = deals.map(({ contract, campaign, influencer }) => [contract, payeeName(campaign, influencer)]);
  return { fits: Object.fromEntries(docs.map(({ hash, fit }) => [hash, fit])), whose: Object.fromEntries(whose) };
};

const gather = async (
  unit: Unit,
  doc: ConversionDoc,
  visitors: readonly string[],
  final: ReadonlyMap<string, Part>,
): Promise<Evidence & { readonly holdouts: ReadonlySet<string> }> => {
  const { contract, payee, holdouts } = payees(unit, doc.recorded.at);
  const rows = bounded([...(await rowsOf(unit, visitors, doc)), ...(await named(unit, doc))]);
  const touches: Touch[] = [];
  for (const row of rows) {
    const { id, at, order, link, kind } = row;
    const owner = await payee(row);
    touches.push({ id: touchName(id), at, order, payee: owner, link: owner === HOUSE ? "" : link, kind });
  }
  const { conversion, at, result, robot } = doc.recorded;
  const fields = ((await unit.private(`lead/${conversion}`)) ?? {}) as Record<string, string>;
  const deals = await dealsOf(touches, doc, contract, final);
  return {
    conversion: { id: conversion, at, result },
    touches,
    deals,
    fields,
    earlier: await earlierLeads(unit, doc),
    robot,
    others: deals.some(asksForOthers) ? await counting(unit, doc, visitors) : [],
    ...(await frozen(unit, deals)),
    holdouts,
  };
};

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

/** Is it news who came by a click? Not where so many came before already that nobody can say who it was. */
const tellsWho = async (unit: Unit, { visitor, click }: TouchRow, told: readonly TouchRow[]): Promise<boolean> => {
  if (visitor === null || click === null) return false;
  const now = new Set(told.map((row) => (row.click === click ? row.visitor : null)));
  return (await unit.visitorsOf([click])).filter((it) => !now.has(it)).length <= MOST_VISITORS;
};

const concerned = async (unit: Unit, row: TouchRow, told: readonly TouchRow[]): Promise<readonly Happened[]> => {
  const { visitor, click, at } = row;
  // A click nobody's page has told of yet cannot have led anywhere.
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

/** Judge anew what touches that came late concern: conversions of the same person that happened at or after them. */
export const followTouches = async (unit: Unit, touches: readonly TouchRow[]): Promise<Result<unknown>> => {
  const late = new Set<string>();
  for (const row of touches) for (const { conversion } of await concerned(unit, row, touches)) late.add(conversion);
  await judge(unit, late, "late-touch");
  return ok(undefined);
};
