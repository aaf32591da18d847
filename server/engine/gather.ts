import { createHash } from "node:crypto";
import { covers, versionAt } from "../../shared/contract/contract.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import type { OtherConversion } from "../../shared/judge/context.ts";
import type { Grade } from "../../shared/judge/quality.ts";
import type { Deal, EarlierLead, Evidence } from "../../shared/judge/verdict.ts";
import { mint } from "../../shared/kit/id.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { TouchRow } from "../store/store.ts";
import { known, read } from "./book.ts";
import { type FitDoc, payeeName } from "./fits.ts";
import { holding } from "./holdout.ts";
import type { Part } from "./part.ts";
import { alikeLeads, type ClickDoc, mayMatter, othersOf } from "./person.ts";
import type { ContractDoc, ConversionDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** The longest window any terms may have. */
export const LONGEST_WINDOW_MS = 365 * DAY_MS;

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

/** A conversion that happened, as an index of them tells. */
export interface Happened extends ClickDoc {
  readonly conversion: string;
}

/** The conversions an index lists under a prefix. */
export const under = async (unit: Unit, prefix: string): Promise<readonly Happened[]> =>
  (await unit.documents(prefix)).map(([key, body]) => ({
    ...(body as unknown as ClickDoc),
    conversion: key.slice(prefix.length),
  }));

const earlierLeads = async (unit: Unit, { recorded }: ConversionDoc): Promise<readonly EarlierLead[]> => {
  const leads = await alikeLeads(unit, recorded);
  const matters = mayMatter(leads, recorded.at);
  const others = leads.filter(([conversion]) => conversion !== recorded.conversion);
  return others.map(([conversion, { at, ...became }]) => ({ conversion, at, ...(matters ? became : {}) }));
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

/** Everything that a judgement on a conversion needs, and the experiments that left somebody without credit for it. */
export const gather = async (
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
