import { exponentOf } from "../../shared/kit/money.ts";
import { readerOf } from "../engine/reader.ts";
import type { CampaignDoc } from "../engine/shapes.ts";
import { unfinishedImports } from "../history/bookmark.ts";
import type { Imported, Trial } from "../history/import.ts";
import type { Count, ImportedEvents } from "../history/import-events.ts";
import type { ImportedPaths } from "../history/import-paths.ts";
import { plainDecimal } from "../history/number.ts";
import type { Store } from "../store/store.ts";
import { aligned } from "./command.ts";
import { leftOutTold } from "./history.ts";

type Rows = readonly (readonly [string, string])[];

const MICRO_DIGITS = 6;

const grouped = (count: number): string => count.toLocaleString("en-US");

const counted = ({ fresh, known }: Count): string => `${grouped(fresh)} new, ${grouped(known)} already there`;

const worthOf = (valueMinor: ReadonlyMap<string, bigint>): Rows =>
  [...valueMinor].map(([currency, minor]) => ["worth", `${plainDecimal(minor, exponentOf(currency))} ${currency}`]);

/** Millionths as a number, without zeros at its end. */
const conversionsOf = (micro: number): string =>
  plainDecimal(BigInt(micro), MICRO_DIGITS)
    .replace(/\.?0+$/, "")
    .replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");

const daysOf = ({ from, until }: ImportedPaths["days"]): Rows => {
  if (from === undefined && until === undefined) return [];
  return [["days", `${from ?? "the beginning"} to ${until ?? "the end"}`]];
};

type PathFigures = Pick<ImportedPaths, "conversionsMicro" | "nulls" | "valueMinor" | "days">;

const figuresOf = ({ conversionsMicro, nulls, valueMinor, days }: PathFigures, currency: string | undefined): Rows => [
  ["conversions", conversionsOf(conversionsMicro)],
  ["led to nothing", grouped(nulls)],
  ...(currency !== undefined && valueMinor > 0 ? worthOf(new Map([[currency, BigInt(valueMinor)]])) : []),
  ...daysOf(days),
];

const rowsOf = (done: Imported): Rows => {
  if (done.kind === "paths")
    return [
      ["influencers", counted(done.influencers)],
      ["paths", counted(done.paths)],
      ...figuresOf(done, done.currency),
    ];
  return [
    ["influencers", counted(done.influencers)],
    ["touches", counted(done.touches)],
    ["conversions", counted(done.conversions)],
    ...worthOf(done.valueMinor),
  ];
};

const freshIn = (done: Imported): number =>
  done.kind === "paths"
    ? done.influencers.fresh + done.paths.fresh
    : done.influencers.fresh + done.touches.fresh + done.conversions.fresh;

const resumed = ({ isResumed }: Imported): string => {
  if (!isResumed) return "";
  return "It had broken off before, and was finished now.\n";
};

const trialTold = (shown: string, campaign: CampaignDoc, { checked }: Trial): string => {
  const { found } = checked;
  const people: Rows = [["influencers", counted({ fresh: found.fresh, known: found.influencers.size - found.fresh })]];
  const rows: Rows =
    checked.kind === "paths"
      ? [...people, ["paths", grouped(checked.found.rows)], ...figuresOf(checked.found, undefined)]
      : [
          ...people,
          ["touches", grouped(checked.found.touches)],
          ["conversions", grouped(checked.found.results)],
          ...worthOf(checked.found.valueMinor),
        ];
  return `${shown} can be imported into ${campaign.name} (${campaign.id}).\n\n${aligned(rows)}Nothing was written.\n`;
};

/** What an import came to, in words. */
export const told = (shown: string, campaign: CampaignDoc, done: Imported | Trial): string => {
  if (done.kind === "trial") return trialTold(shown, campaign, done);
  const what = done.kind === "paths" ? "a past to learn from" : "history";
  const nothing = freshIn(done) === 0 ? "Everything in it was there already: nothing was changed.\n" : "";
  return `${shown} is now ${what} of ${campaign.name} (${campaign.id}).\n\n${aligned(rowsOf(done))}${resumed(done)}${nothing}`;
};

const asCount = ({ fresh, known }: Count) => ({ new: fresh, known });

const valuesOf = (valueMinor: ReadonlyMap<string, bigint>) =>
  [...valueMinor].map(([currency, minor]) => ({ currency, value: plainDecimal(minor, exponentOf(currency)) }));

const eventsJson = (done: ImportedEvents) => ({
  influencers: asCount(done.influencers),
  touches: asCount(done.touches),
  conversions: asCount(done.conversions),
  values: valuesOf(done.valueMinor),
});

const pathsJson = (done: ImportedPaths) => ({
  influencers: asCount(done.influencers),
  paths: asCount(done.paths),
  conversions: plainDecimal(BigInt(done.conversionsMicro), MICRO_DIGITS),
  nulls: done.nulls,
  values: done.valueMinor > 0 ? valuesOf(new Map([[done.currency, BigInt(done.valueMinor)]])) : [],
  ...done.days,
});

const trialJson = ({ checked }: Trial) => {
  const { influencers, fresh } = checked.found;
  const people = { influencers: asCount({ fresh, known: influencers.size - fresh }) };
  if (checked.kind === "paths") return { checked: true, ...people, paths: checked.found.rows };
  const { touches, results, valueMinor } = checked.found;
  return { checked: true, ...people, touches, conversions: results, values: valuesOf(valueMinor) };
};

/** What an import came to, as one JSON object. */
export const asJson = (brand: string, campaign: CampaignDoc, done: Imported | Trial): string => {
  const figures = () => {
    if (done.kind === "trial") return trialJson(done);
    return done.kind === "paths" ? pathsJson(done) : eventsJson(done);
  };
  return `${JSON.stringify({ brand, campaign: campaign.id, ...figures() })}\n`;
};

const CUT = "note: the file does not end with a line break. If it was cut off, import it again once it is whole.\n";
const EARLIER =
  "note: an import of other contents of this file had broken off before. What it had brought by then stays.\n";
const REPLACED = "note: this file had been imported before, read otherwise. What it brought then was taken back.\n";

const ROUNDED =
  "values are finer than money is counted, and were rounded: what paths are worth is compared, and pays nobody.\n";

/** What a person should know beside the figures. */
export const notesOn = (done: Imported | Trial): string => {
  const it = done.kind === "trial" ? done.checked.found : done;
  const left = "leftOut" in it ? leftOutTold(it.leftOut) : "";
  const earlier = done.kind !== "trial" && done.isEarlierLeft ? EARLIER : "";
  const finer = "rounded" in it && it.rounded > 0 ? `note: ${grouped(it.rounded)} ${ROUNDED}` : "";
  const replaced = done.kind === "paths" && done.isReplaced ? REPLACED : "";
  return `${left}${finer}${it.isEnded ? "" : CUT}${earlier}${replaced}`;
};

/** Which imports broke off and wait to be done again, of any brand. */
export const unfinishedTold = async (store: Store): Promise<string> => {
  const lines: string[] = [];
  for (const brand of await store.brands()) {
    const reader = readerOf(store, brand);
    for (const { file, campaign } of await unfinishedImports(reader)) {
      const { name } = ((await reader.document(`campaign/${campaign}`)) ?? { name: "" }) as unknown as CampaignDoc;
      lines.push(`note: the import of ${file} into ${name} (${campaign}) was not finished: run it again.\n`);
    }
  }
  return lines.join("");
};
