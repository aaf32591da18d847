import type { OtherConversion } from "../../shared/judge/context.ts";
import { read } from "./book.ts";
import type { ConversionDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** `person/{digest}/{conversion}`: somebody gave this e-mail, and which visitors they are known to be. */
export interface PersonDoc {
  readonly at: number;
  readonly result: string;
  readonly visitors: readonly string[];
}

/** `visitor/{visitor}/{conversion}`: what a visitor converted to, and on which earlier results the verdict rests, if on any. */
export interface VisitorDoc {
  readonly at: number;
  readonly result: string;
  readonly restsOn?: readonly string[];
}

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

const rest = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

/** Everybody who gave the e-mail of a conversion, conversion by conversion. */
const alike = async (unit: Unit, { recorded }: ConversionDoc) =>
  recorded.digest === undefined
    ? []
    : (await unit.documents(`person/${recorded.digest}/`)).map(
        ([key, body]) => [rest(key), body as unknown as PersonDoc] as const,
      );

/**
 * Who converted: the visitor the conversion names, or, if it names none, whoever came by the clicks it names (a landing
 * address is passed on with its click id, so several may have come by one click, each with a journey of their own); and
 * every visitor who gave the same e-mail, on whichever device. One step, never a chain: people who share a device do not
 * become one by it.
 */
export const visitorsOf = async (unit: Unit, doc: ConversionDoc): Promise<readonly string[]> => {
  const { visitor, clicks } = doc.recorded;
  const came = visitor ? [visitor] : await unit.visitorsOf(clicks);
  const elsewhere = (await alike(unit, doc)).flatMap(([, it]) => it.visitors);
  return [...new Set([...came, ...elsewhere])].sort();
};

/** The same person's other conversions, in no order. */
export const othersOf = async (
  unit: Unit,
  doc: ConversionDoc,
  visitors: readonly string[],
): Promise<readonly (OtherConversion & VisitorDoc)[]> => {
  const found = new Map<string, OtherConversion & VisitorDoc>();
  const add = (conversion: string, it: VisitorDoc): void => {
    if (conversion !== doc.recorded.conversion) found.set(conversion, { conversion, ...it });
  };
  for (const [conversion, { at, result }] of await alike(unit, doc)) add(conversion, { at, result });
  for (const visitor of visitors)
    for (const [key, body] of await unit.documents(`visitor/${visitor}/`))
      add(rest(key), body as unknown as VisitorDoc);
  return [...found.values()];
};

/**
 * Which other conversions one bears on: later ones of the same person whose verdicts rest on such a one, later ones it may
 * be what they repeat, and all with the same e-mail that do not know yet of a visitor this one brings.
 */
export const bearsOn = async (unit: Unit, conversion: string): Promise<readonly string[]> => {
  const doc = await read<ConversionDoc>(unit, `conversion/${conversion}`);
  if (!doc) return [];
  const { at, result } = doc.recorded;
  const visitors = await visitorsOf(unit, doc);
  const borne = new Set<string>();
  for (const [other, it] of await alike(unit, doc))
    if ((it.at >= at && it.result === result) || visitors.some((visitor) => !it.visitors.includes(visitor)))
      borne.add(other);
  for (const other of await othersOf(unit, doc, visitors))
    if (other.at >= at && other.restsOn?.includes(result)) borne.add(other.conversion);
  borne.delete(conversion);
  return [...borne];
};
