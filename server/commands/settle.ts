import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { spoken } from "../../shared/kit/money.ts";
import { decimal, rational } from "../../shared/kit/rational.ts";
import { periodAt, periodsOf } from "../../shared/kit/time.ts";
import {
  type GuaranteeStanding,
  type PeriodStatement,
  type ResultShare,
  type Statement,
  settledAt,
  statement,
} from "../../shared/pay/statement.ts";
import { placeOf, readJson } from "../evidence/json.ts";
import { wholeText } from "../evidence/lines.ts";
import { END_OF_TIME, type Evidence, resultsIn } from "../evidence/results.ts";
import { type Fault, faultAt } from "../history/fault.ts";
import { instant } from "../history/instant.ts";
import { positionIn } from "../history/record.ts";
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

const together = (faults: readonly Fault[]): Fault =>
  Object.assign(new Error(faults.map(({ message }) => message).join("\n")), { name: "Fault" as const });

const termsIn = async (file: string, io: Io): Promise<Terms> => {
  const text = await wholeText({ path: resolve(io.cwd, file), shown: file });
  const fault = (index: number, because: string): Fault => faultAt(file, positionIn(1, text, index), because);
  const draft = readTerms(
    readJson(text, (index, because) => {
      throw fault(index, because);
    }),
  );
  if (!draft.ok)
    throw together(
      draft.problems.map(({ at, because }) => fault(placeOf(text, at).value, `${at || "the document"} ${because}.`)),
    );
  for (const { at, because } of draft.warnings) io.err(`note: ${file}: ${at} ${because}\n`);
  return draft.terms;
};

const resultsOf = async (file: string, io: Io): Promise<Evidence> => {
  const path = resolve(io.cwd, file);
  const size = await stat(path).then(
    (it) => it.size,
    () => 0,
  );
  const progress = io.progress("reading", size);
  return resultsIn({ path, shown: file, heard: progress.to }).finally(progress.done);
};

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

/** What a person should know that the law passes over in silence. */
const notesOn = (terms: Terms, { shares, repeats }: Evidence): readonly string[] => {
  const periods = periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone);
  const outside = shares.filter(({ at }) => !periodAt(periods, at)).length;
  const strange = new Map<string, number>();
  for (const { result } of shares)
    if (!Object.hasOwn(terms.results, result)) strange.set(result, (strange.get(result) ?? 0) + 1);
  return [
    ...(repeats > 0
      ? [`${many(repeats, "line", "lines")} said again what one before had said, and changed nothing.`]
      : []),
    ...(outside > 0
      ? [
          `${many(outside, "result lies", "results lie")} outside ${terms.starts} to ${terms.ends}, where these terms pay nothing.`,
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

// Ids come from files: what would move the cursor or colour the terminal is shown, not obeyed.
const visible = (text: string): string => text.replace(/\p{C}/gu, (it) => `\\u{${it.codePointAt(0)?.toString(16)}}`);

const results = (micro: number): string => decimal(rational(micro, 1_000_000), 6).replace(/\.?0+$/, "");

const guaranteed = ({ state, result, target, volumeMicro, shortfallMicro }: GuaranteeStanding): string => {
  const missing = shortfallMicro > 0 ? `, ${results(shortfallMicro)} short` : "";
  return `guarantee ${state}: ${results(volumeMicro)} of ${target} ${result}${missing}`;
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
  const terms = await termsIn(termsFile, io);
  const evidence = await resultsOf(resultsFile, io);
  for (const note of notesOn(terms, evidence)) io.err(`note: ${note}\n`);
  const shares: readonly ResultShare[] = evidence.shares;
  const asOf = asked ?? settledAt(terms, shares);
  const made = statement(terms, shares, asOf);
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

Without --as-of the statement is of the instant when everything in the file is known and every period that holds any of
it is over: nothing is open any more. Unknown keys are refused, in both files, with their place.

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
    "as-of": {
      value: "INSTANT",
      says: "state what was known then (ISO 8601 with a zone); else when all is over and known",
    },
    json: { says: "print one JSON object" },
  },
  more,
  run,
};
