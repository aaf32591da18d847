import type { OtherConversion } from "../../shared/judge/context.ts";
import { read } from "./book.ts";
import type { ConversionDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/**
 * `person/{digest}/{conversion}`: somebody gave this e-mail. Who they are by themselves, the visitor they were or the
 * clicks they came by, and which visitors the verdict knows they are.
 */
export interface PersonDoc {
  readonly at: number;
  readonly result: string;
  readonly came: { readonly visitor: string } | { readonly clicks: readonly string[] };
  readonly visitors: readonly string[];
  readonly isVoid?: true;
}

/**
 * `visitor/{visitor}/{conversion}`: what a visitor converted to, and on which earlier results the verdict rests, if on any.
 * `isVoid`: it came to nothing, so no journey starts anew after it and no milestone is reached by it.
 */
export interface VisitorDoc {
  readonly at: number;
  readonly result: string;
  readonly restsOn?: readonly string[];
  readonly isVoid?: true;
}

/** `same/{result}/{digest}/{conversion}`: somebody gave this e-mail with this result, a machine and an office included. */
export interface SameDoc {
  readonly at: number;
  readonly isVoid?: true;
  readonly isRejected?: true;
}

/** `click/{click}/{conversion}`: what was reported with a click, and of which visitor, if it named one. */
export interface ClickDoc {
  readonly at: number;
  readonly visitor?: string;
}

/** Nobody is more visitors than this: a mailbox that more gave is shared, and a click that more came by was passed on. */
export const MOST_VISITORS = 12;

/** Nobody converts more often than this: whoever seems to is a shop's till, a test or a constant in somebody's code. */
const MOST_CONVERSIONS = 500;

/** What stands under a prefix, if it may be one person's. */
const ofOnePerson = async (unit: Pick<Unit, "documents">, prefix: string) => {
  const found = await unit.documents(prefix, MOST_CONVERSIONS + 1);
  return found.length > MOST_CONVERSIONS ? [] : found;
};

/** These visitors, if they may be one person, and otherwise nobody: by how many there are in all, whoever came first. */
const onePerson = (visitors: Iterable<string>): readonly string[] => {
  const all = new Set(visitors);
  return all.size > MOST_VISITORS ? [] : [...all];
};

/** On which earlier results of the same person a verdict rests: where its journey starts, and its milestones. */
export const restsOn = (
  { settings }: Pick<NonNullable<ConversionDoc["verdict"]>, "settings">,
  result: string,
): readonly string[] => [
  ...new Set(
    settings.flatMap(({ attribution: { after, milestones = [] } }) => [
      ...(after === "restart" ? [result] : []),
      ...milestones,
    ]),
  ),
];

/** What must be readable to know who somebody is. */
export type People = Pick<Unit, "documents" | "visitorsOf">;

const rest = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

/** Who converted, as far as one report tells. */
const cameAs = async (unit: People, came: PersonDoc["came"]): Promise<readonly string[]> =>
  "visitor" in came ? [came.visitor] : onePerson(await unit.visitorsOf(came.clicks));

const joined = (...visitors: readonly (readonly string[])[]): readonly string[] => [...new Set(visitors.flat())].sort();

/** A conversion with the e-mail of another one: who it is by itself, and who its verdict knows it is. */
interface Alike extends PersonDoc {
  readonly conversion: string;
  readonly own: readonly string[];
}

/** The digest of an e-mail that may tell who is one person: an office's does not, and a machine is nobody. */
export const mailboxOf = ({ digest, isOffice, robot }: ConversionDoc["recorded"]): string | undefined =>
  isOffice || robot ? undefined : digest;

/** Everybody who gave the e-mail of a conversion, conversion by conversion. */
const alike = async (unit: People, { recorded }: ConversionDoc): Promise<readonly Alike[]> => {
  const mailbox = mailboxOf(recorded);
  if (mailbox === undefined) return [];
  const found = await ofOnePerson(unit, `person/${mailbox}/`);
  return Promise.all(
    found.map(async ([key, body]) => {
      const doc = body as unknown as PersonDoc;
      return { ...doc, conversion: rest(key), own: await cameAs(unit, doc.came) };
    }),
  );
};

const givenBy = (all: readonly Alike[]): readonly string[] => onePerson(all.flatMap(({ own }) => own));

/** Who a report says converted. */
export const cameBy = ({ visitor, clicks }: ConversionDoc["recorded"]): PersonDoc["came"] =>
  visitor === undefined ? { clicks } : { visitor };

/**
 * Who converted: the visitor the conversion names, or, if it names none, whoever came by the clicks it names (a landing
 * address is passed on with its click id, so several may have come by one click, each with a journey of their own); and
 * every visitor who gave the same e-mail, on whichever device. One step, never a chain: people who share a device do not
 * become one by it. What too many gave or came by tells of nobody.
 */
export const visitorsOf = async (unit: Unit, doc: ConversionDoc): Promise<readonly string[]> =>
  joined(await cameAs(unit, cameBy(doc.recorded)), givenBy(await alike(unit, doc)));

/** What a visitor converted to, if they may be one person. */
export const conversionsOf = async (
  unit: Pick<Unit, "documents">,
  visitor: string,
): Promise<readonly (readonly [string, VisitorDoc])[]> =>
  (await ofOnePerson(unit, `visitor/${visitor}/`)).map(([key, body]) => [rest(key), body as unknown as VisitorDoc]);

/** The same person's other conversions, in no order. */
export const othersOf = async (
  unit: People,
  doc: ConversionDoc,
  visitors: readonly string[],
): Promise<readonly (OtherConversion & VisitorDoc)[]> => {
  const found = new Map<string, OtherConversion & VisitorDoc>();
  const add = (conversion: string, it: VisitorDoc): void => {
    if (conversion !== doc.recorded.conversion) found.set(conversion, { conversion, ...it });
  };
  const all = await alike(unit, doc);
  // Of a mailbox that many share only those are the same person's that the same visitor gave.
  if (givenBy(all).length > 0)
    for (const { conversion, at, result, isVoid } of all) add(conversion, { at, result, ...(isVoid && { isVoid }) });
  for (const visitor of visitors)
    for (const [conversion, it] of await conversionsOf(unit, visitor)) add(conversion, it);
  return [...found.values()];
};

/** The leads that gave the same e-mail with the same result, itself among them. */
export const alikeLeads = async (
  unit: Pick<Unit, "documents">,
  { result, digest }: ConversionDoc["recorded"],
): Promise<readonly (readonly [string, SameDoc])[]> => {
  if (!digest) return [];
  const found = await unit.documents(`same/${result}/${digest}/`);
  return found.map(([key, body]) => [rest(key), body as unknown as SameDoc]);
};

/**
 * Does it matter what became of the leads that came before one, with the same e-mail? Not where more did than one person
 * could leave: then each of them stands in its way. What comes after a lead never changes what it is.
 */
export const mayMatter = (leads: readonly (readonly [string, SameDoc])[], at: number): boolean =>
  leads.filter(([, lead]) => lead.at <= at).length <= MOST_CONVERSIONS;

/** The leads that come next, as many as one decision may have judged anew. */
const nextOf = (leads: readonly (readonly [string, SameDoc])[], at: number): readonly string[] =>
  leads
    .filter(([, lead]) => lead.at >= at)
    .sort(([a, one], [b, other]) => one.at - other.at || (a < b ? -1 : 1))
    .slice(0, MOST_CONVERSIONS)
    .map(([conversion]) => conversion);

/**
 * Which other conversions one bears on: later ones of the same person whose verdicts rest on such a one, later ones it may
 * be what they repeat, and all with the same e-mail whose verdicts know of other visitors than there are. `was`: visitors
 * it was known to be before. `leaves`: it is about to be nobody's conversion any more.
 */
export const bearsOn = async (
  unit: Unit,
  conversion: string,
  { was = [], leaves = false }: { readonly was?: readonly string[]; readonly leaves?: boolean } = {},
): Promise<readonly string[]> => {
  const doc = await read<ConversionDoc>(unit, `conversion/${conversion}`);
  if (!doc) return [];
  const { at, result } = doc.recorded;
  const visitors = joined(await visitorsOf(unit, doc), was);
  const all = (await alike(unit, doc)).filter((it) => !leaves || it.conversion !== conversion);
  const given = givenBy(all);
  const isNews = (it: Alike): boolean => joined(it.own, given).join(" ") !== it.visitors.join(" ");
  const borne = new Set<string>();
  for (const it of all) if (isNews(it)) borne.add(it.conversion);
  for (const other of nextOf(await alikeLeads(unit, doc.recorded), at)) borne.add(other);
  for (const other of await othersOf(unit, doc, visitors))
    if (other.at >= at && other.restsOn?.includes(result)) borne.add(other.conversion);
  borne.delete(conversion);
  return [...borne];
};
