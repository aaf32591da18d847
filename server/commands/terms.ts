import { createHash } from "node:crypto";
import { signedText, type Terms } from "../../shared/contract/terms.ts";
import { spoken } from "../../shared/kit/money.ts";
import { curvesOf } from "../../shared/pay/simulate.curve.ts";
import { warningsOf } from "../../shared/pay/simulate.warnings.ts";
import { usualExpectations } from "../../shared/pay/simulate.wish.ts";
import { readTermsFile, refusalOf, type TermsFile, termsIn } from "../evidence/terms.ts";
import {
  type Change,
  type Clause,
  changesBetween,
  clausesBetween,
  moneyBetween,
  type PayeeDifference,
} from "../picture/difference.ts";
import { visible } from "../report/text.ts";
import { type Arguments, type Command, exits, type Io, misuse } from "./command.ts";
import { refusal } from "./folder.ts";
import { historyOf, historyOptions } from "./history.ts";

/** What the shape of the pay itself warns of, at what is usually expected, each at its place in the file. */
const curveWarnings = ({ terms, place }: TermsFile) => {
  if (!terms) return [];
  return curvesOf(terms, usualExpectations(terms), undefined)
    .flatMap(warningsOf)
    .map(({ code, at, because }) => ({ at, code, because, ...place(at) }));
};

const check = async (file: string, args: Arguments, io: Io): Promise<number> => {
  const read = await readTermsFile(io.cwd, file);
  const isFine = read.terms !== undefined;
  const warnings = [...read.warnings, ...curveWarnings(read)];
  const termsHash = read.terms ? createHash("sha256").update(signedText(read.terms)).digest("hex") : null;
  if (args.flag("json")) {
    io.out(`${JSON.stringify({ ok: isFine, termsHash, problems: read.problems, warnings })}\n`);
    return isFine ? exits.fine : exits.refused;
  }
  for (const it of read.problems) io.err(`${refusalOf(file, it).message}\n`);
  if (!isFine) return exits.refused;
  for (const { at, because, line, column } of warnings)
    io.err(`note: ${file}:${line}:${column}: ${at} ${/[.?!]$/.test(because) ? because : `${because}.`}\n`);
  io.out(`${file} holds.\nSHA-256 of what is signed: ${termsHash}\n`);
  return exits.fine;
};

const clauseText = ({ head, before, after }: Clause): string => {
  const side = (sign: string, text: string | null): readonly string[] =>
    text === null ? [] : text.split("\n").map((line) => `  ${sign} ${visible(line)}`);
  return [head, ...side("−", before), ...side("+", after), ""].join("\n");
};

const shownValue = (it: Change["before"]): string => (it === null ? "nothing" : visible(JSON.stringify(it)));

const signed = (minor: number, currency: string): string => `${minor > 0 ? "+" : ""}${spoken(minor, currency)}`;

const rowsText = (rows: readonly (readonly string[])[]): string => {
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? "").length));
  return rows
    .map((row) =>
      `  ${row.map((text, column) => (column === 0 ? text.padEnd(width(0)) : text.padStart(width(column)))).join("  ")}`.trimEnd(),
    )
    .join("\n");
};

interface Total {
  readonly beforeMinor: number;
  readonly afterMinor: number;
  readonly periods: PayeeDifference["periods"];
}

const totalOf = (all: readonly PayeeDifference[]): Total => {
  const periods = new Map<string, { starts: string; beforeMinor: number; afterMinor: number }>();
  for (const { starts, beforeMinor, afterMinor } of all.flatMap((it) => it.periods)) {
    const before = periods.get(starts) ?? { starts, beforeMinor: 0, afterMinor: 0 };
    periods.set(starts, {
      starts,
      beforeMinor: before.beforeMinor + beforeMinor,
      afterMinor: before.afterMinor + afterMinor,
    });
  }
  const sum = (of: (it: PayeeDifference) => number): number => all.reduce((total, it) => total + of(it), 0);
  return {
    beforeMinor: sum((it) => it.beforeMinor),
    afterMinor: sum((it) => it.afterMinor),
    periods: [...periods.values()].sort((a, b) => (a.starts < b.starts ? -1 : 1)),
  };
};

const said = ({ beforeMinor, afterMinor }: Total, currency: string): string => {
  if (beforeMinor === afterMinor) return "On this past the brand pays the same.";
  const how = afterMinor > beforeMinor ? "more" : "less";
  return `On this past the brand pays ${spoken(Math.abs(afterMinor - beforeMinor), currency)} ${how}.`;
};

const moneyText = (all: readonly PayeeDifference[], currency: string): string => {
  const total = totalOf(all);
  const row = (name: string, beforeMinor: number, afterMinor: number) => [
    visible(name),
    spoken(beforeMinor, currency),
    spoken(afterMinor, currency),
    signed(afterMinor - beforeMinor, currency),
  ];
  const named = all.filter(({ payee }) => payee !== "" || all.length > 1);
  const payees = named.map((it) => row(it.payee || "(nobody named)", it.beforeMinor, it.afterMinor));
  const periods = total.periods.map((it) => row(`from ${it.starts}`, it.beforeMinor, it.afterMinor));
  const rows = [
    ["", "before", "after", "change"],
    ...payees,
    ...periods,
    row("total", total.beforeMinor, total.afterMinor),
  ];
  return `${said(total, currency)}\n\n${rowsText(rows)}\n`;
};

const moneyIn = async (a: Terms, b: Terms, args: Arguments, io: Io): Promise<readonly PayeeDifference[] | null> => {
  const file = args.text("history");
  if (file === undefined) return null;
  if (a.currency !== b.currency)
    throw refusal(`One pays in ${a.currency}, the other in ${b.currency}: two currencies cannot be compared.`);
  const before = await historyOf(file, a, args, io);
  const after = await historyOf(file, b, args, io);
  const progress = io.progress("pricing", new Set([...before.payees.keys(), ...after.payees.keys()]).size);
  try {
    return moneyBetween(a, b, before.payees, after.payees, progress.to);
  } finally {
    progress.done();
  }
};

const differenceText = (clauses: readonly Clause[], changes: readonly Change[]): string => {
  if (changes.length === 0) return "Both say the same.\n";
  const values = changes.map(
    ({ at, before, after }) => `  ${visible(at)}: ${shownValue(before)} → ${shownValue(after)}`,
  );
  return [...clauses.map(clauseText), "In the document", ...values, ""].join("\n");
};

const diff = async (first: string, second: string, args: Arguments, io: Io): Promise<number> => {
  const a = await termsIn(io.cwd, first, io.err);
  const b = await termsIn(io.cwd, second, io.err);
  const [changes, clauses] = [changesBetween(a, b), clausesBetween(a, b)];
  const payees = await moneyIn(a, b, args, io);
  if (args.flag("json")) {
    const money = payees && { currency: a.currency, ...totalOf(payees), payees };
    io.out(`${JSON.stringify({ same: changes.length === 0, clauses, changes, money })}\n`);
    return exits.fine;
  }
  io.out(differenceText(clauses, changes));
  if (payees) io.out(`\n${moneyText(payees, a.currency)}`);
  return exits.fine;
};

const run = async (args: Arguments, io: Io): Promise<number> => {
  const [what, first = "", second] = args.operands;
  if (what === "check" && second === undefined) return check(first, args, io);
  if (what === "diff" && second !== undefined) return diff(first, second, args, io);
  if (what === "check") throw misuse("terms check takes one file.");
  throw misuse(what === "diff" ? "terms diff takes two files." : `"${what}" is not known; there are check and diff.`);
};

const more = `
check reads terms as they would be signed. Every problem is told with its place in the file and its JSON pointer; what is
strange but allowed is noted: a step that lowers pay, a cliff, a bonus that caps cut away (at what is usually expected of
the results). Exit code 1 when the terms are refused. --json prints ok, termsHash, problems and warnings, each with
at, line, column, code and because.

diff says what changes from A to B, clause by clause in words and member by member. With a past it also says what changes
for whom: the same results, priced by both terms when everything is over. An event log is shared by each one's own
attribution, so that a change of model shows too.

  makegood terms check t.json
  makegood terms diff t1.json t2.json --history results.ndjson`;

/** `makegood terms`: check terms before they are offered, and say what a change of them changes. */
export const command: Command = {
  name: "terms",
  says: "Check a file of terms, or say what differs between two and what that changes for whom.",
  usage: "check FILE | diff A B [options]",
  operands: [2, 3],
  options: {
    ...historyOptions,
    json: { says: "print one JSON object" },
  },
  more,
  run,
};
