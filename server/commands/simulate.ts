import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Terms } from "../../shared/contract/terms.ts";
import { exponentOf } from "../../shared/kit/money.ts";
import { type Simulation, simulating } from "../../shared/pay/simulate.ts";
import {
  type Expectation,
  LARGEST_MEAN_MICRO,
  LARGEST_SWING_BP,
  LARGEST_VALUE_MINOR,
  MOST_RUNS,
  type Origin,
  USUAL_RUNS,
  USUAL_SWING_BP,
  usualExpectations,
  type Wish,
} from "../../shared/pay/simulate.wish.ts";
import { termsIn } from "../evidence/terms.ts";
import { exact, unitsAt } from "../history/number.ts";
import { asPage } from "../picture/page.ts";
import { asText } from "../picture/terminal.ts";
import { type Arguments, type Command, exits, type Io, misuse } from "./command.ts";
import { refusal } from "./folder.ts";
import { historyOf, historyOptions } from "./history.ts";

const WHOLE = 1000;
const USUAL_SEED = 1;
const LARGEST_SEED = 4_294_967_295;
const USUAL_COLUMNS = 80;
const MICRO_DIGITS = 6;
const PERCENT_DIGITS = 2;

/** A decimal number as whole units of its last digit, or why it is none. */
const unitsIn = (name: string, text: string, digits: number, most: number): number => {
  const read = exact(text);
  const units = read && read.units >= 0n && read.digits <= digits ? unitsAt(read, digits) : undefined;
  if (units !== undefined && units <= BigInt(most)) return Number(units);
  throw misuse(
    `--${name} takes a number from 0 to ${most / 10 ** digits} with at most ${digits} decimals, not "${text}".`,
  );
};

const wholeIn = (args: Arguments, name: string, least: number, most: number): number | undefined => {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,12}$/.test(text) && number >= least && number <= most) return number;
  throw misuse(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
};

/** `--mean lead=60`: a number for each result it names, in whole units of its last digit. */
const perResult = (
  args: Arguments,
  name: string,
  terms: Terms,
  digits: number,
  most: number,
): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const pair of args.list(name).flatMap((it) => it.split(","))) {
    const [result = "", text] = pair.split("=").map((it) => it.trim());
    if (text === undefined) throw misuse(`--${name} takes RESULT=NUMBER, such as ${name} lead=60, not "${pair}".`);
    if (!Object.hasOwn(terms.results, result))
      throw misuse(
        `--${name}: the terms list no result "${result}"; there are ${Object.keys(terms.results).join(", ")}.`,
      );
    found.set(result, unitsIn(name, text, digits, most));
  }
  return found;
};

const stated = (terms: Terms, args: Arguments): readonly Expectation[] => {
  const means = perResult(args, "mean", terms, MICRO_DIGITS, LARGEST_MEAN_MICRO);
  const swings = perResult(args, "swing", terms, PERCENT_DIGITS, LARGEST_SWING_BP);
  const values = perResult(args, "value", terms, exponentOf(terms.currency), LARGEST_VALUE_MINOR);
  const valueSwings = perResult(args, "value-swing", terms, PERCENT_DIGITS, LARGEST_SWING_BP);
  const usual = new Map(usualExpectations(terms).map((it) => [it.result, it]));
  const named = new Set([...usual.keys(), ...means.keys()]);
  return [...named].map((result) => {
    const valueMinor = values.get(result) ?? usual.get(result)?.valueMinor ?? 0;
    return {
      result,
      meanMicro: means.get(result) ?? usual.get(result)?.meanMicro ?? 0,
      swingBp: swings.get(result) ?? USUAL_SWING_BP,
      valueMinor,
      valueSwingBp: valueSwings.get(result) ?? usual.get(result)?.valueSwingBp ?? 0,
    };
  });
};

const drawnFrom = async (file: string, terms: Terms, args: Arguments, io: Io): Promise<Origin> => {
  const asked = ["mean", "swing", "value", "value-swing"].find((name) => args.list(name).length > 0);
  if (asked !== undefined) throw misuse(`--${asked} states what --history shows. Give one or the other.`);
  const { payees } = await historyOf(file, terms, args, io);
  const payee = args.text("payee");
  const names = [...payees.keys()].filter((name) => name !== "");
  if (payee !== undefined && !payees.has(payee))
    throw refusal(`${file}: there is no payee "${payee}"; there are ${names.slice(0, 20).join(", ") || "none"}.`);
  if (payee === undefined && payees.size > 1)
    throw refusal(
      `${file}: these results are of ${payees.size} payees. Say whose contract it is with --payee: ${names.slice(0, 20).join(", ")}.`,
    );
  const shares = payees.get(payee ?? [...payees.keys()][0] ?? "") ?? [];
  if (shares.length === 0) throw refusal(`${file}: there are no results in it to draw from.`);
  return { kind: "history", shares };
};

const ratesIn = (args: Arguments): Pick<Wish, "rates"> => {
  const [visits, clicks, engaged] = ["visits", "clicks", "engaged"].map((name) => wholeIn(args, name, 0, 1e9));
  if (visits === undefined && clicks === undefined && engaged === undefined) return {};
  return { rates: { visits: visits ?? 0, clicks: clicks ?? 0, engaged: engaged ?? 0 } };
};

const wished = async (terms: Terms, args: Arguments, io: Io): Promise<Wish> => {
  const part = (name: string): number => unitsIn(name, args.text(name) ?? "0", PERCENT_DIGITS, 10_000);
  const rest = {
    seed: wholeIn(args, "seed", 0, LARGEST_SEED) ?? USUAL_SEED,
    runs: wholeIn(args, "runs", 1, MOST_RUNS) ?? USUAL_RUNS,
    rejectBp: part("reject"),
    refundBp: part("refund"),
    ...ratesIn(args),
  };
  const file = args.text("history");
  const from: Origin =
    file === undefined ? { kind: "stated", per: stated(terms, args) } : await drawnFrom(file, terms, args, io);
  return { ...rest, from };
};

const simulated = (terms: Terms, wish: Wish, io: Io): Simulation => {
  const progress = io.progress("simulating", WHOLE);
  try {
    const work = simulating(terms, wish);
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      progress.to(Math.floor(step.value * WHOLE));
    }
  } finally {
    progress.done();
  }
};

const asJson = (made: Simulation): string => {
  const curves = made.curves.map(({ terms: _, rates: __, ...curve }) => curve);
  return `${JSON.stringify({ ...made, curves })}\n`;
};

const columnsOf = ({ env }: Io): number => Number(env.COLUMNS) || process.stdout.columns || USUAL_COLUMNS;

const run = async (args: Arguments, io: Io): Promise<number> => {
  const file = args.text("terms");
  if (file === undefined || file === "") throw misuse("--terms is missing: the file with the terms.");
  const terms = await termsIn(io.cwd, file, io.err);
  const wish = await wished(terms, args, io);
  const made = simulated(terms, wish, io);
  const page = args.text("html");
  if (page !== undefined) {
    await writeFile(resolve(io.cwd, page), asPage(made, `How ${file} may turn out`)).catch((error: unknown) => {
      throw refusal(`${page}: cannot be written (${String((error as NodeJS.ErrnoException).code)}).`);
    });
    io.err(`note: the pictures are in ${page}.\n`);
  }
  io.out(args.flag("json") ? asJson(made) : asText(made, columnsOf(io)));
  return exits.fine;
};

const more = `
What is expected is stated for each result, or drawn from a past:

  makegood simulate --terms t.json --mean lead=60 --swing lead=40 --value sale=99.00
  makegood simulate --terms t.json --history events.csv --payee Ann

--mean is results in a whole period on average, --swing by how many percent of it that average itself swings from
period to period (0 is chance alone: Poisson; above it, negative binomial), --value what one is worth in major units, and
--value-swing its standard deviation in percent of that (lognormal). What is not stated: of the guaranteed result what is
promised, of others what the highest step asks for, or 50; a swing of 30 %; a value of 100.

A past is cut into whole periods of the terms where it has six or more, else into weeks, and drawn from again. An event log
(columns as in makegood attribute) is shared among its payees by the terms' own attribution; results are those that
makegood settle reads, each with a payee if it likes, or one JSON document that lists them.

The picture is made of whole numbers and the four operations only: the same terms, expectations and seed give the same one
on every machine. --json prints one object: curves (points with volume, amountMinor, remedyMinor, cutMinor; marks; falls),
payMinor, volumeMicro, perResultMinor (p10, p50, p90, mean), periods, guarantee, bins and warnings.`;

/** `makegood simulate`: how terms may turn out, before anybody signs them. */
export const command: Command = {
  name: "simulate",
  says: "Show how terms may turn out before they are signed: pay over volume, chances, cliffs.",
  usage: "--terms FILE [options]",
  options: {
    terms: { value: "FILE", says: "the terms, as JSON" },
    mean: { value: "lead=60", many: true, says: "results in a whole period on average" },
    swing: { value: "lead=40", many: true, says: "by how many percent that average swings; 30 when not given" },
    value: { value: "sale=99.00", many: true, says: "what one result is worth, in major units" },
    "value-swing": { value: "sale=30", many: true, says: "its standard deviation in percent of that" },
    ...historyOptions,
    payee: { value: "NAME", says: "whose results of the past to draw from" },
    reject: { value: "5", says: "percent of results that never count" },
    refund: { value: "3", says: "percent of those that do which are taken back" },
    visits: { value: "N", says: "visits in a period, for bonuses on a rate" },
    clicks: { value: "N", says: "visits with a call to action clicked" },
    engaged: { value: "N", says: "visits that engaged" },
    seed: { value: "N", says: `which chances; ${USUAL_SEED} when not given` },
    runs: { value: "N", says: `how many simulated contracts; ${USUAL_RUNS} when not given` },
    html: { value: "FILE", says: "write the pictures as one page to print" },
    json: { says: "print one JSON object" },
  },
  more,
  run,
};
