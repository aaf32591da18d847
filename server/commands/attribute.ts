import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type AttributionTerms, isModelName, type ModelName, models } from "../../shared/judge/attribution.ts";
import { exponentOf } from "../../shared/kit/money.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { type Held, type Mapping, mappingOf, recognised } from "../history/columns.ts";
import { shareEvents } from "../history/event-credit.ts";
import { append, type EventLog, eventLog } from "../history/event-log.ts";
import { eventsIn } from "../history/events.ts";
import { duration } from "../history/instant.ts";
import { plainDecimal } from "../history/number.ts";
import { pathSharing } from "../history/path-credit.ts";
import { pathsIn } from "../history/paths.ts";
import { openTable, type Table } from "../history/table.ts";
import { type Report, tally } from "../history/tally.ts";
import { type Arguments, type Command, exits, type Io, misuse, type Progress } from "./command.ts";

const MICRO_DIGITS = 6;
const USUAL_DIGITS = 2;
const MOST_DIGITS = 18;
/** Seconds since 1970, from 2001 to 2286, read as milliseconds. */
const [SECONDS_FROM, SECONDS_UNTIL] = [1e9, 1e10];

/** The command line, understood. */
interface Wish {
  readonly model: ModelName;
  readonly terms: AttributionTerms;
  readonly house: string;
  readonly mapping: Mapping;
  readonly digits: number | undefined;
  readonly result: string | undefined;
  /** What was asked for that only events can answer. */
  readonly meaningless: readonly string[];
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

const modelIn = (args: Arguments): ModelName => {
  const asked = args.text("model");
  const names = Object.keys(models).filter(isModelName);
  const found = names.find((name) => plain(name) === plain(asked ?? ""));
  if (found !== undefined) return found;
  const wrong = asked === undefined ? "--model is missing" : `There is no model "${asked}"`;
  throw misuse(`${wrong}; there are ${names.join(", ")}.`);
};

const daysIn = (args: Arguments, name: string): number | undefined => {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const ms = duration(text);
  if (ms === undefined || ms === 0)
    throw misuse(`--${name} takes a length of time such as 30m, 12h or 7d, not "${text}".`);
  return ms / DAY_MS;
};

const digitsIn = (args: Arguments): number | undefined => {
  const text = args.text("exponent");
  if (text === undefined) return undefined;
  const digits = Number(text);
  if (!/^\d{1,2}$/.test(text) || digits > MOST_DIGITS) {
    throw misuse(`--exponent takes the decimals to print, 0 to ${MOST_DIGITS}, not "${text}".`);
  }
  return digits;
};

const wished = (args: Arguments): Wish => {
  const mapping = mappingOf(args.list("map"));
  if (!mapping.ok) throw misuse(`${mapping.refusal.because}.`);
  const model = modelIn(args);
  const halfLifeDays = daysIn(args, "half-life");
  const result = args.text("result");
  if (result !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(result)) {
    throw misuse(`--result takes lower-case letters, digits and dashes, such as sale, not "${result}".`);
  }
  const windowDays = daysIn(args, "window") ?? 30;
  return {
    model,
    terms: { model, windowDays, house: "included", ...(halfLifeDays === undefined ? {} : { halfLifeDays }) },
    house: args.text("house")?.trim() || "house",
    mapping: mapping.value,
    digits: digitsIn(args),
    result,
    meaningless: ["window", "half-life", "result"].filter((name) => args.text(name) !== undefined),
  };
};

const ofPaths = async (table: Table, held: Held & { kind: "paths" }, wish: Wish, io: Io): Promise<Report> => {
  const model = models[wish.model];
  if (model.sees !== "places") {
    const because = `paths do not say when a touch was, which ${wish.model} needs. Give events, or choose another model.`;
    throw table.fault(table.header, { cell: held.columns.path }, because);
  }
  for (const name of wish.meaningless) io.err(`note: paths carry no clock; --${name} means nothing for them.\n`);
  const sums = tally();
  let finest = USUAL_DIGITS;
  const share = pathSharing({ model, terms: wish.terms, house: wish.house }, sums);
  for await (const rows of pathsIn(table, held.columns)) {
    for (const row of rows) {
      finest = Math.max(finest, row.value.digits);
      share(row);
    }
  }
  return sums.report(wish.digits ?? finest);
};

/** What was read of an event log besides the events themselves. */
interface Reading {
  readonly log: EventLog;
  readonly results: number;
  readonly repeats: number;
  readonly finest: number;
  readonly currency: string;
  readonly latest: number;
}

const readLog = async (table: Table, held: Held & { kind: "events" }, wish: Wish): Promise<Reading> => {
  const log = eventLog(wish.house);
  let [results, repeats, finest, currency, latest] = [0, 0, 0, "", Number.NEGATIVE_INFINITY];
  for await (const events of eventsIn(table, { columns: held.columns, result: wish.result })) {
    for (const event of events) {
      const repeat = append(log, event);
      if (repeat?.isSame === false) {
        const because = `the ${event.result} "${event.id}" was read on line ${repeat.line} already, and said otherwise. Keep one.`;
        throw table.fault(event.row, { cell: held.columns.id }, because);
      }
      if (repeat !== undefined) repeats += 1;
      else if (event.result !== undefined) results += 1;
      finest = Math.max(finest, event.value.digits);
      latest = Math.max(latest, event.at);
      if (event.currency !== "") currency = event.currency;
    }
  }
  return { log, results, repeats, finest, currency, latest };
};

const notesOn = ({ log, repeats, latest }: Reading): readonly string[] => [
  // A log of clicks and page views that are not called touch would otherwise pass for conversions unseen.
  ...(log.kinds.all.length > 2 ? [`these events were counted as results: ${log.kinds.all.slice(1).join(", ")}.`] : []),
  ...(repeats > 0 ? [`${repeats} lines repeat a result read before and were left out.`] : []),
  ...(latest >= SECONDS_FROM && latest < SECONDS_UNTIL
    ? ["everything happened early in 1970. If at counts seconds, multiply it by 1000."]
    : []),
];

const ofEvents = async (table: Table, held: Held & { kind: "events" }, wish: Wish, io: Io): Promise<Report> => {
  const reading = await readLog(table, held, wish);
  const { log, results, finest, currency } = reading;
  for (const note of notesOn(reading)) io.err(`note: ${note}\n`);
  const usual = currency === "" ? USUAL_DIGITS : exponentOf(currency);
  const digits = Math.max(wish.digits ?? usual, finest);
  const sums = tally();
  const progress = io.progress("sharing", results);
  try {
    let done = 0;
    shareEvents(log, { terms: wish.terms, digits }, sums, () => {
      done += 1;
      progress.to(done);
    });
  } finally {
    progress.done();
  }
  return sums.report(wish.digits ?? digits);
};

const read = async (file: string, wish: Wish, io: Io, progress: Progress): Promise<Report> => {
  const table = await openTable({ path: resolve(io.cwd, file), shown: file, heard: progress.to });
  const held = recognised(table, wish.mapping);
  return held.kind === "paths" ? ofPaths(table, held, wish, io) : ofEvents(table, held, wish, io);
};

const asJson = (report: Report, model: ModelName): string => {
  const figures = (it: { readonly conversionsMicro: bigint; readonly valueUnits: bigint }) => ({
    conversions: plainDecimal(it.conversionsMicro, MICRO_DIGITS),
    value: plainDecimal(it.valueUnits, report.digits),
  });
  const payees = report.payees.map((it) => ({ payee: it.payee, ...figures(it) }));
  return `${JSON.stringify({ model, ...figures(report), payees })}\n`;
};

// Names come from files: what would move the cursor or colour the terminal is shown, not obeyed.
const visible = (name: string): string => name.replace(/\p{C}/gu, (it) => `\\u{${it.codePointAt(0)?.toString(16)}}`);

const asTable = (report: Report): string => {
  const rows = [...report.payees, { payee: "total", ...report }].map((it) => [
    visible(it.payee),
    plainDecimal(it.conversionsMicro, MICRO_DIGITS),
    plainDecimal(it.valueUnits, report.digits),
  ]);
  const all = [["payee", "conversions", "value"], ...rows];
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const [first, second, third] = [width(0), width(1), width(2)];
  const lines = all.map(
    ([payee = "", conversions = "", value = ""]) =>
      `${payee.padEnd(first)}  ${conversions.padStart(second)}  ${value.padStart(third)}\n`,
  );
  const rule = `${"-".repeat(first + second + third + 4)}\n`;
  return [...lines.slice(0, 1), rule, ...lines.slice(1, -1), rule, ...lines.slice(-1)].join("");
};

const run = async (args: Arguments, io: Io): Promise<number> => {
  const wish = wished(args);
  const file = args.operands[0] ?? "";
  const size = await stat(resolve(io.cwd, file)).then(
    (it) => it.size,
    () => 0,
  );
  const progress = io.progress("reading", size);
  const report = await read(file, wish, io, progress).finally(progress.done);
  if (report.isRounded) {
    io.err(
      "note: the file has finer values than --exponent prints; payees are rounded so that they sum to the total.\n",
    );
  }
  io.out(args.flag("json") ? asJson(report, wish.model) : asTable(report));
  return exits.fine;
};

const more = `
Paths have a column path, its payees separated by " > ", and any of total_conversions (or conversions; without it each
line is one), total_conversion_value (or value) and total_null (or null). They carry no clock: timeDecay refuses them,
and --window, --half-life and --result mean nothing.

Events have the columns visitor, at, event, payee, and any of value, currency, id. An event is touch, or the name of a
result such as sale. at is ISO 8601 with a zone, or milliseconds since 1970. A result that names a payee is a touch of
that payee too, at the same instant, as a promo code is. Each result looks back over the whole window. A line that
repeats the id of a result read before is left out when it says the same, and refused when it does not.

Separator , or ; and column order are found from the header, names in any case. Other names: --map ours=theirs. A log
that marks its results with 1 and 0 (or true and false, yes and no) names what a 1 is with --result:

  makegood attribute log.csv --model linear --result sale \\
    --map visitor=customer_id,at=time,event=conversion,payee=channel,value=conversion_value

Conversions are counted in millionths and values exactly; both sum to the file's own totals. What no touch led to is the
house's.`;

/** `makegood attribute`: run the attribution law alone on a file of paths or events. */
export const command: Command = {
  name: "attribute",
  says: "Share the conversions of a file among their payees, under one model.",
  usage: "FILE --model M [options]",
  operands: [1, 1],
  options: {
    model: { value: "M", says: `one of ${Object.keys(models).join(", ")}` },
    window: { value: "30d", says: "how far back a touch may lie (30m, 12h, 7d); 30d when not given" },
    "half-life": { value: "7d", says: "the half-life of timeDecay; 7d when not given" },
    house: { value: "NAME", says: 'the payee that is the brand itself; "house" when not given' },
    exponent: { value: "2", says: "decimals of value; else the currency's, or as many as the file's finest value has" },
    map: { value: "OURS=THEIRS,…", many: true, says: "other names of columns" },
    result: { value: "NAME", says: "the event column holds 1 or 0; a 1 is this result" },
    json: { says: "print one JSON object, amounts as decimal text" },
  },
  more,
  run,
};
