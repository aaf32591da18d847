import type { BroughtPath } from "../../shared/fact.history.ts";
import type { FactType } from "../../shared/fact.ts";
import { type Fold, known, put, read } from "./book.ts";

/** Paths a campaign brought with it from one file, as far as they have come: `paths-source/{campaign}/{source}`. */
export interface PathsSourceDoc {
  readonly campaign: string;
  readonly source: string;
  readonly content: string;
  /** Parts that are here, and parts there are; nothing learns from a source before they are the same. */
  readonly parts: number;
  readonly of: number;
  readonly rows: number;
  readonly conversionsMicro: number;
  readonly nulls: number;
  readonly valueMinor: number;
  readonly from?: string;
  readonly until?: string;
  readonly currency?: string;
  readonly broughtAt: number;
}

/** One part of a source: `paths/{campaign}/{source}/{part}`, the part in six digits. */
export interface PathsDoc {
  readonly rows: readonly BroughtPath[];
}

const PART_DIGITS = 6;

/** Where a part of a source is kept. */
export const pathsKey = (campaign: string, source: string, part: number): string =>
  `paths/${campaign}/${source}/${String(part).padStart(PART_DIGITS, "0")}`;

/** Where it is kept how far a source has come. */
export const sourceKey = (campaign: string, source: string): string => `paths-source/${campaign}/${source}`;

const total = (rows: readonly BroughtPath[], of: "conversionsMicro" | "nulls" | "valueMinor"): number =>
  rows.reduce((sum, row) => sum + row[of], 0);

/** How past journeys that were brought along are drawn into the views. */
export const historyViews = {
  "paths-brought": async (book, { at, fact: { type: _, rows, part, ...told } }) => {
    const { campaign, source } = told;
    const key = sourceKey(campaign, source);
    const empty = { ...told, parts: 0, rows: 0, conversionsMicro: 0, nulls: 0, valueMinor: 0 };
    const before = (await read<Omit<PathsSourceDoc, "broughtAt">>(book, key)) ?? empty;
    put(book, pathsKey(campaign, source, part), { rows });
    put(book, key, {
      ...before,
      parts: before.parts + 1,
      rows: before.rows + rows.length,
      conversionsMicro: before.conversionsMicro + total(rows, "conversionsMicro"),
      nulls: before.nulls + total(rows, "nulls"),
      valueMinor: before.valueMinor + total(rows, "valueMinor"),
      broughtAt: at,
    });
  },
  "paths-withdrawn": async (book, { fact: { campaign, source } }) => {
    const { of } = await known<PathsSourceDoc>(book, sourceKey(campaign, source));
    for (let part = 1; part <= of; part += 1) {
      const key = pathsKey(campaign, source, part);
      if (await read<PathsDoc>(book, key)) book.put(key, null);
    }
    book.put(sourceKey(campaign, source), null);
  },
} satisfies { readonly [Type in FactType]?: Fold<Type> };
