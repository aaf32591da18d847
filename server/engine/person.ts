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

/** `visitor/{visitor}/{conversion}`: what a visitor converted to. */
export interface VisitorDoc {
  readonly at: number;
  readonly result: string;
}

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
): Promise<readonly OtherConversion[]> => {
  const found = new Map<string, OtherConversion>();
  const add = (conversion: string, { at, result }: VisitorDoc): void => {
    if (conversion !== doc.recorded.conversion) found.set(conversion, { conversion, at, result });
  };
  for (const [conversion, it] of await alike(unit, doc)) add(conversion, it);
  for (const visitor of visitors)
    for (const [key, body] of await unit.documents(`visitor/${visitor}/`))
      add(rest(key), body as unknown as VisitorDoc);
  return [...found.values()];
};

/**
 * Which other conversions one bears on: later ones of the same person, whose journeys may start after it, and all with the
 * same e-mail that do not know yet of a visitor this one brings.
 */
export const bearsOn = async (unit: Unit, conversion: string): Promise<readonly string[]> => {
  const doc = await read<ConversionDoc>(unit, `conversion/${conversion}`);
  if (!doc) return [];
  const { at } = doc.recorded;
  const visitors = await visitorsOf(unit, doc);
  const others = await othersOf(unit, doc, visitors);
  const unaware = (await alike(unit, doc)).filter(([, it]) =>
    visitors.some((visitor) => !it.visitors.includes(visitor)),
  );
  const linked = new Set(unaware.map(([id]) => id));
  return others.filter((it) => it.at >= at || linked.has(it.conversion)).map((it) => it.conversion);
};
