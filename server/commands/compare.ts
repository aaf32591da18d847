import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import pkg from "../../package.json" with { type: "json" };
import { signedText, type Terms } from "../../shared/contract/terms.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import { type ModelName, models } from "../../shared/judge/models.ts";
import { termsIn } from "../evidence/terms.ts";
import type { Held } from "../history/columns.ts";
import { type Candidate, compareEvents } from "../history/compare-events.ts";
import { comparePaths } from "../history/compare-paths.ts";
import { type Comparison, orderOf, type Priced } from "../history/comparison.ts";
import { eventFile, journeysOf, wholeOf } from "../history/event-file.ts";
import { digitsOf, type Events, eventsOf, pathFileOf, USUAL_DIGITS } from "../history/intake.ts";
import { journeysIn, lagsOf } from "../history/journeys.ts";
import { pathsOf, wholeOfPaths } from "../history/path-log.ts";
import { overDays, payable } from "../history/pricing.ts";
import { type History, openHistory } from "../history/reading.ts";
import { fittingOf, isLearned, type Parameters, said, termsFor } from "../history/sharing.ts";
import { comparisonJson } from "../report/comparison-json.ts";
import { comparisonText } from "../report/comparison-text.ts";
import { reportPage } from "../report/page.ts";
import { type Arguments, barred, type Command, exits, type Io, misuse, type Progress } from "./command.ts";
import { fittedNote, fittedOn } from "./fitting.ts";
import { leftOutTold } from "./history.ts";
import { refuseTaken, writeWhole } from "./output.ts";
import {
  clockless,
  type FileWish,
  fileIn,
  modelHelp,
  modelNamed,
  modelNames,
  parametersIn,
  refuseEnds,
  refuseWithoutMilestones,
  sharingOptions,
  throwsIn,
  unheeded,
} from "./sharing.ts";

const USUAL_COLUMNS = 80;

/** The terms named on the command line, and what they are called there. */
interface TermsFile {
  readonly shown: string;
  readonly terms: Terms;
}

/** The command line, understood; of the models the first is what the others are compared with. */
interface Wish extends FileWish {
  readonly file: string;
  readonly chosen: readonly ModelName[];
  readonly parameters: Parameters;
  readonly throws: ReturnType<typeof throwsIn>;
  readonly priced: TermsFile | undefined;
  readonly clockless: readonly string[];
}

const modelsIn = (args: Arguments): readonly ModelName[] => {
  const text = args.text("models");
  if (text === undefined)
    throw misuse(`--models is missing: two or more of ${modelNames}, such as last,linear,markov.`);
  const named = text.split(",").map(modelNamed);
  const twice = named.find((name, index) => named.indexOf(name) < index);
  if (twice !== undefined) throw misuse(`--models names ${twice} twice.`);
  const against = args.text("against");
  const first = against === undefined ? named[0] : modelNamed(against);
  const chosen = first === undefined ? named : [first, ...named.filter((name) => name !== first)];
  if (chosen.length < 2) throw misuse("--models takes two models or more: one alone has nothing to be compared with.");
  return chosen;
};

const wished = async (args: Arguments, io: Io): Promise<Wish> => {
  const chosen = modelsIn(args);
  const [own, throws, file] = [parametersIn(args), throwsIn(args), fileIn(args)];
  const shown = args.text("terms");
  if (shown !== undefined && throws.isGlobal)
    throw misuse("--global shares no single conversion, and pay is by conversions. Leave out --terms or --global.");
  const terms = shown === undefined ? undefined : await termsIn(io.cwd, shown, io.err);
  const parameters = { ...said(terms?.attribution), ...own };
  refuseEnds(parameters);
  for (const note of unheeded(args, chosen)) io.err(`note: ${note}\n`);
  return {
    ...file,
    file: args.operands[0] ?? "",
    chosen,
    parameters,
    throws,
    priced: shown !== undefined && terms !== undefined ? { shown, terms } : undefined,
    clockless: clockless(args),
  };
};

const candidatesOf = (wish: Wish, paths: Paths, io: Io): readonly Candidate[] =>
  wish.chosen.map((model) => {
    const terms = termsFor(model, wish.parameters);
    return { terms, learned: isLearned(model) ? fittedOn(paths, fittingOf(terms, wish.throws), io) : undefined };
  });

type Of<Kind extends Held["kind"]> = Held & { readonly kind: Kind };

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const unpriced = ({ log }: Events, { terms }: TermsFile): readonly string[] => {
  const strange = log.kinds.all.slice(1).filter((result) => !Object.hasOwn(terms.results, result));
  return strange.length === 0 ? [] : [`the terms list no result ${strange.join(", ")}, and pay nothing for it.`];
};

const pricedOver = (file: ReturnType<typeof eventFile>, { shown, terms }: TermsFile): Priced => ({
  shown,
  hash: createHash("sha256").update(signedText(terms)).digest("hex"),
  terms: overDays(terms, file),
});

const ofEvents = async (history: History, held: Of<"events">, wish: Wish, io: Io): Promise<Comparison> => {
  const { priced: named, parameters, chosen } = wish;
  refuseWithoutMilestones(chosen, parameters);
  const check = named && payable(named.terms);
  const events = await eventsOf(history, held.columns, { ...wish, check });
  for (const note of [...events.notes, ...(named ? unpriced(events, named) : [])]) io.err(`note: ${note}\n`);
  io.err(leftOutTold(history.leftOut()));
  const currency = named?.terms.currency ?? events.currency;
  const digits = currency === "" ? USUAL_DIGITS : digitsOf({ currency });
  const file = barred(io, "gathering", events.log.count, (to) => eventFile(events, digits, to));
  const base = termsFor(wish.chosen[0] ?? "last", parameters);
  const paths = barred(io, "finding journeys", events.results, () => journeysOf(file, base));
  const candidates = candidatesOf(wish, paths, io);
  const priced = named && pricedOver(file, named);
  const [results, contracts] = [events.results * chosen.length, named ? file.names.length * chosen.length : 0];
  const outcomes = barred(io, "sharing", results + contracts, (to) => {
    let [shared, done] = [0, 0];
    const watch = {
      shared: (of: number) => {
        shared = of;
        to(shared + done);
      },
      priced: (of: number) => {
        done = of;
        to(shared + done);
      },
    };
    return compareEvents(file, candidates, priced?.terms, watch);
  });
  const journeys = journeysIn(paths, lagsOf(file.columns, base));
  return {
    shown: wish.file,
    kind: "events",
    lines: events.lines,
    days: events.lines === 0 ? undefined : { from: dayOf(events.from), until: dayOf(events.until) },
    currency,
    whole: wholeOf(file),
    names: file.names,
    order: orderOf(file.names, outcomes, journeys.met),
    outcomes,
    priced,
    journeys,
    throws: wish.throws,
    version: pkg.version,
  };
};

const refuseClockless = ({ table }: History, { columns }: Of<"paths">, wish: Wish): void => {
  const refuse = (because: string): never => {
    throw table.fault(table.header, { cell: columns.path }, because);
  };
  const timed = wish.chosen.find((name) => models[name].sees === "instants" || models[name].sees === "milestones");
  if (timed !== undefined)
    refuse(`paths do not say when anything was, which ${timed} needs. Give events, or choose other models.`);
  if (wish.priced !== undefined)
    refuse("paths do not say when anything was, and pay is by periods. Give events, or leave out --terms.");
};

const ofPaths = async (history: History, held: Of<"paths">, wish: Wish, io: Io): Promise<Comparison> => {
  refuseClockless(history, held, wish);
  for (const note of wish.clockless) io.err(`note: ${note}\n`);
  const { log, finest } = await pathFileOf(history, held.columns, wish.house);
  io.err(leftOutTold(history.leftOut()));
  const digits = Math.max(USUAL_DIGITS, finest);
  const paths = pathsOf(log, wish.parameters.house ?? "included");
  const candidates = candidatesOf(wish, paths, io);
  const outcomes = barred(io, "sharing", log.count * candidates.length, (to) =>
    comparePaths(log, digits, candidates, to),
  );
  const journeys = journeysIn(paths, undefined);
  const { from, until } = history.days;
  return {
    shown: wish.file,
    kind: "paths",
    lines: log.count,
    days: from !== undefined && until !== undefined ? { from, until } : undefined,
    currency: "",
    whole: wholeOfPaths(log, digits),
    names: log.payees.all,
    order: orderOf(log.payees.all, outcomes, journeys.met),
    outcomes,
    priced: undefined,
    journeys,
    throws: wish.throws,
    version: pkg.version,
  };
};

const read = async (wish: Wish, io: Io, progress: Progress): Promise<Comparison> => {
  const source = { path: resolve(io.cwd, wish.file), shown: wish.file, heard: progress.to };
  const history = await openHistory(source, wish.reading);
  const { held } = history;
  return held.kind === "paths" ? ofPaths(history, held, wish, io) : ofEvents(history, held, wish, io);
};

const columnsOf = ({ env }: Io): number => Number(env.COLUMNS) || process.stdout.columns || USUAL_COLUMNS;

const run = async (args: Arguments, io: Io): Promise<number> => {
  const wish = await wished(args, io);
  const page = args.text("html");
  const isForced = args.flag("force");
  if (page !== undefined && !isForced) await refuseTaken(io.cwd, page);
  const size = await stat(resolve(io.cwd, wish.file)).then(
    (it) => it.size,
    () => 0,
  );
  const progress = io.progress("reading", size);
  const made = await read(wish, io, progress).finally(progress.done);
  if (made.outcomes.some(({ learned }) => learned)) io.err(`note: ${fittedNote}\n`);
  if (page !== undefined) {
    await writeWhole(io.cwd, page, reportPage(made), isForced);
    io.err(`note: the report is in ${page}.\n`);
  }
  io.out(args.flag("json") ? comparisonJson(made) : comparisonText(made, columnsOf(io)));
  return exits.fine;
};

const more = `
The models:

${modelHelp}

Shares one file by several models and says how much goes to somebody else: half the sum of all payees' differences from
the first model, or from --against. Files are those of makegood attribute; its help says what is in them. Parameters are
for all models that heed them.

With --terms every payee is priced as if it had a contract under these terms over the days of the file, all results
counting: what each would earn under each model. What the terms say about windows, the house and models holds where no
option says otherwise. Events only; values must be in the terms' currency.

markov and shapley are fitted on the file itself and share each journey by what they found (--global: the sum of all).
Their intervals hold 95 of 100 replicates in which the file's journeys are thrown again by chance.

  makegood compare log.csv --models last,linear,markov --terms t.json --html report.html

--html writes one page with pictures that needs nothing else, to keep, send or print. --json prints one object: file,
models (each with payees, moved and, where learned, fit), journeys; amounts as decimal text.`;

/** `makegood compare`: how much money each model moves. */
export const command: Command = {
  name: "compare",
  says: "Share a file by several models and say how much money moves between payees.",
  usage: "FILE --models A,B,… [options]",
  operands: [1, 1],
  options: {
    models: { value: "A,B,…", says: "two models or more, the first being what the others are compared with" },
    against: { value: "M", says: "compare with this model instead" },
    terms: { value: "FILE", says: "price what everybody gets by these terms, as JSON" },
    ...sharingOptions,
    html: { value: "FILE", says: "write a report with pictures as one page" },
    force: { says: "overwrite that file if it is there" },
    json: { says: "print one JSON object, amounts as decimal text" },
  },
  more,
  run,
};
