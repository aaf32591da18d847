import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { checkAmendment } from "../../shared/contract/amendment.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { spoken } from "../../shared/kit/money.ts";
import { decimal, rational } from "../../shared/kit/rational.ts";
import { type Period, periodAt } from "../../shared/kit/time.ts";
import { dealOf } from "../../shared/pay/deal.ts";
import type { GuaranteeStanding } from "../../shared/pay/guarantee.ts";
import {
  type Also,
  type PeriodStatement,
  type ResultShare,
  type Statement,
  settledAt,
  statement,
} from "../../shared/pay/statement.ts";
import { adjustmentsIn, ratesIn } from "../evidence/also.ts";
import type { Source } from "../evidence/lines.ts";
import { type Evidence, resultsIn } from "../evidence/results.ts";
import { END_OF_TIME } from "../evidence/rows.ts";
import { termsIn } from "../evidence/terms.ts";
import { faultAt } from "../history/fault.ts";
import { instant } from "../history/instant.ts";
import { visible } from "../report/text.ts";
import { type Arguments, type Command, exits, type Io, misuse } from "./command.ts";

const asOfIn = (args: Arguments): number | undefined => {
  const text = args.text("as-of");
  if (text === undefined) return undefined;
  const read = instant(text);
  if (!read.ok) throw misuse(`--as-of: ${read.refusal.because}`);
  if (read.value < 0 || read.value >= END_OF_TIME)
    throw misuse(`--as-of takes an instant from 1970 to 9998, not "${text}".`);
  return read.value;
};

const fileIn = (args: Arguments, name: string): string => {
  const file = args.text(name);
  if (file === undefined || file === "") throw misuse(`--${name} is missing: the file with the ${name}.`);
  return file;
};

/** Read a file under a bar that says how far it has come. */
const reading = async <Read>(file: string, io: Io, read: (source: Source) => Promise<Read>): Promise<Read> => {
  const path = resolve(io.cwd, file);
  const size = await stat(path).then(
    (it) => it.size,
    () => 0,
  );
  const progress = io.progress("reading", size);
  return read({ path, shown: file, heard: progress.to }).finally(progress.done);
};

/** The versions signed after the first, each checked against the one before it. */
const amendmentsIn = async (first: Terms, files: readonly string[], io: Io): Promise<readonly Terms[]> => {
  const versions = [first];
  for (const file of files) {
    const terms = await termsIn(io.cwd, file, io.err);
    const before = versions.at(-1) ?? first;
    const fits = checkAmendment(
      { version: versions.length, terms: before, termsHash: "", wording: "", startedAt: 0 },
      terms,
      0,
    );
    if (!fits.ok) throw faultAt(file, { line: 1, column: 1 }, fits.refusal.because);
    versions.push(terms);
  }
  return versions.slice(1);
};

const alsoIn = async (
  terms: Terms,
  args: Arguments,
  io: Io,
): Promise<Also & { readonly periods: readonly Period[] }> => {
  const amendments = await amendmentsIn(terms, args.list("amendment"), io);
  const { periods } = dealOf([terms, ...amendments]);
  const [adjusted, measured] = [args.text("adjustments"), args.text("rates")];
  return {
    amendments,
    periods,
    ...(adjusted !== undefined && { adjustments: await reading(adjusted, io, adjustmentsIn) }),
    ...(measured !== undefined && { rates: await reading(measured, io, (source) => ratesIn(source, periods)) }),
  };
};

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

/** What a person should know that the law passes over in silence. */
const notesOn = (
  versions: readonly Terms[],
  periods: readonly Period[],
  { shares, repeats }: Evidence,
): readonly string[] => {
  const outside = shares.filter(({ at }) => !periodAt(periods, at)).length;
  const strange = new Map<string, number>();
  for (const { result } of shares)
    if (!versions.some((terms) => Object.hasOwn(terms.results, result)))
      strange.set(result, (strange.get(result) ?? 0) + 1);
  return [
    ...(repeats > 0
      ? [`${many(repeats, "line", "lines")} said again what one before had said, and changed nothing.`]
      : []),
    ...(outside > 0
      ? [
          `${many(outside, "result lies", "results lie")} outside ${periods[0]?.starts} to ${periods.at(-1)?.ends}, where these terms pay nothing.`,
        ]
      : []),
    ...[...strange].map(
      ([name, count]) => `the terms list no result "${name}"; ${many(count, "line", "lines")} of it will earn nothing.`,
    ),
  ];
};

const asJson = ({ currency, periods, totalMinor }: Statement): string => {
  const shown = periods.map(({ lines, ...period }) => ({
    starts: period.starts,
    ends: period.ends,
    state: period.state,
    lines: lines.map(({ code, amountMinor, exact, because }) => ({ code, amountMinor, exact, because })),
    earnedMinor: period.earnedMinor,
    dueMinor: period.dueMinor,
    carriedMinor: period.carriedMinor,
    guarantee: period.guarantee,
  }));
  return `${JSON.stringify({ currency, periods: shown, totalMinor })}\n`;
};

const results = (micro: number): string => decimal(rational(micro, 1_000_000), 6).replace(/\.?0+$/, "");

const guaranteed = (it: GuaranteeStanding): string => {
  const { state, result, target, volumeMicro, shortfallMicro, filledMicro = 0, until } = it;
  const missing = shortfallMicro > 0 ? `, ${results(shortfallMicro)} short` : "";
  const filled = filledMicro > 0 ? `, ${results(filledMicro)} made good` : "";
  const open = until === undefined ? "" : `, may be made good until ${new Date(until).toISOString()}`;
  return `guarantee ${state}: ${results(volumeMicro)} of ${target} ${result}${missing}${filled}${open}`;
};

const block = (period: PeriodStatement, currency: string): string => {
  const rows: (readonly [string, string, string])[] = [
    ...period.lines.map((it) => [it.code, spoken(it.amountMinor, currency), visible(it.because)] as const),
    ["earned", spoken(period.earnedMinor, currency), ""],
    ["due", spoken(period.dueMinor, currency), ""],
    ["carried", spoken(period.carriedMinor, currency), ""],
  ];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  const lines = rows.map(([code, amount, because]) =>
    `  ${code.padEnd(first)}  ${amount.padStart(second)}  ${because}`.trimEnd(),
  );
  const guarantee = period.guarantee ? [`  ${guaranteed(period.guarantee)}`] : [];
  return [`${period.starts} to ${period.ends}, ${period.state}`, ...lines, ...guarantee, ""].join("\n");
};

const asText = ({ currency, periods, totalMinor }: Statement, asOf: number): string => {
  const total = `total ${spoken(totalMinor, currency)}, as of ${new Date(asOf).toISOString()}`;
  return `${[...periods.map((it) => block(it, currency)), total].join("\n")}\n`;
};

const run = async (args: Arguments, io: Io): Promise<number> => {
  const [termsFile, resultsFile, asked] = [fileIn(args, "terms"), fileIn(args, "results"), asOfIn(args)];
  const terms = await termsIn(io.cwd, termsFile, io.err);
  const { periods, ...also } = await alsoIn(terms, args, io);
  const evidence = await reading(resultsFile, io, resultsIn);
  for (const note of notesOn([terms, ...(also.amendments ?? [])], periods, evidence)) io.err(`note: ${note}\n`);
  const shares: readonly ResultShare[] = evidence.shares;
  const asOf = asked ?? settledAt(terms, shares, also);
  const made = statement(terms, shares, asOf, also);
  io.out(args.flag("json") ? asJson(made) : asText(made, asOf));
  return exits.fine;
};

const more = `
Terms are one JSON document, as signed. Results are one JSON object a line, each one payee's share of one conversion:

  {"id":"o-17","result":"sale","at":"2026-01-31T09:30:00Z","shareMicro":400000,"valueMinor":19900,"state":"counted"}

id          text; a line that repeats an id counts once when it says the same, and is refused when it does not
result      the kind of outcome, as the terms name it
at          when it happened: ISO 8601 with a zone, or milliseconds since 1970
shareMicro  the share in whole millionths, 0 to 1000000
valueMinor  the whole conversion's value in minor units of the terms' currency; may be absent
state       counted, pending or rejected; only what is counted pays
reversedAt, reversedPermille
            when, and how many thousandths of it, were taken back; both or neither
reversals   instead of those two, a list of {"at":…,"permille":…} when it was taken back more than once
countedAt   when it began to count, if that was later than at
restated    a list of {"at":…,"shareMicro":…} in order of time, if the share became another one later: from at on it is that

--amendment names the terms of each version signed later, oldest first, each in force from its own first day on.
--adjustments holds what disputes were settled with and what was agreed by hand, one JSON object a line:

  {"id":"d-1","at":"2026-02-10T12:00:00Z","amountMinor":-700,"code":"dispute","because":"resolved: half"}

--rates holds what bonuses on a rate are measured by, one JSON object a line; period is a period's first day:

  {"period":"2026-01-01","visits":2000,"clicks":130,"engaged":900}

Without --as-of the statement is of the instant when everything in the file is known and every period that holds any of
it is over: nothing is open any more. Unknown keys are refused, in every file, with their place.

--json prints one object: currency, periods (starts, ends, state, lines, earnedMinor, dueMinor, carriedMinor, guarantee)
and totalMinor, which is the sum of what was earned. A line has a code, amountMinor, the exact amount before it was
rounded as "n/d", and why.`;

/** `makegood settle`: run the statement law alone on signed terms and a file of results. */
export const command: Command = {
  name: "settle",
  says: "Price the results of a file under signed terms: what each period earns, and why.",
  usage: "--terms FILE --results FILE [options]",
  options: {
    terms: { value: "FILE", says: "the terms, as JSON" },
    results: { value: "FILE", says: "the results, one JSON object a line" },
    amendment: { value: "FILE", many: true, says: "the terms of a later version; once for each, oldest first" },
    adjustments: { value: "FILE", says: "settled disputes and sums agreed by hand, one JSON object a line" },
    rates: { value: "FILE", says: "visits, clicks and engaged visits of periods, one JSON object a line" },
    "as-of": {
      value: "INSTANT",
      says: "state what was known then (ISO 8601 with a zone); else when all is over and known",
    },
    json: { says: "print one JSON object" },
  },
  more,
  run,
};
