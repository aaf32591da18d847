import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type ModelName, models } from "../../shared/judge/models.ts";
import type { Held } from "../history/columns.ts";
import { shareEvents, tallying } from "../history/event-credit.ts";
import { eventFile, journeysOf, sharingOf, wholeOf } from "../history/event-file.ts";
import { tallyWhole } from "../history/global.ts";
import { digitsOf, eventsOf, pathFileOf, USUAL_DIGITS } from "../history/intake.ts";
import { pathWeighing, tallyPath } from "../history/path-credit.ts";
import { linesOf, pathsOf, wholeOfPaths } from "../history/path-log.ts";
import { pathsIn } from "../history/paths.ts";
import { type History, openHistory } from "../history/reading.ts";
import { effectsOf, fittingOf, isLearned, termsFor } from "../history/sharing.ts";
import { tally } from "../history/tally.ts";
import { type Attributed, attributedJson, attributedText } from "../report/attributed.ts";
import { type Arguments, barred, type Command, exits, type Io, misuse, type Progress } from "./command.ts";
import { fittedNote, fittedOn } from "./fitting.ts";
import { leftOutTold, presetsTold } from "./history.ts";
import {
  clockless,
  type FileWish,
  fileIn,
  modelHelp,
  modelNamed,
  modelNames,
  parametersIn,
  refuseWithoutMilestones,
  sharingOptions,
  throwsIn,
  unheeded,
} from "./sharing.ts";

const MOST_DIGITS = 18;

/** The command line, understood. */
interface Wish extends FileWish {
  readonly model: ModelName;
  readonly terms: AttributionTerms;
  readonly throws: ReturnType<typeof throwsIn>;
  readonly digits: number | undefined;
  /** What was asked for that means nothing for paths. */
  readonly clockless: readonly string[];
}

const digitsIn = (args: Arguments): number | undefined => {
  const text = args.text("exponent");
  if (text === undefined) return undefined;
  const digits = Number(text);
  if (!/^\d{1,2}$/.test(text) || digits > MOST_DIGITS) {
    throw misuse(`--exponent takes the decimals to print, 0 to ${MOST_DIGITS}, not "${text}".`);
  }
  return digits;
};

const wished = (args: Arguments, io: Io): Wish => {
  const asked = args.text("model");
  if (asked === undefined) throw misuse(`--model is missing; there are ${modelNames}.`);
  const model = modelNamed(asked);
  const parameters = parametersIn(args);
  for (const note of unheeded(args, [model])) io.err(`note: ${note}\n`);
  return {
    ...fileIn(args),
    model,
    terms: termsFor(model, parameters),
    throws: throwsIn(args),
    digits: digitsIn(args),
    clockless: clockless(args),
  };
};

type Of<Kind extends Held["kind"]> = Held & { readonly kind: Kind };

const streamed = async ({ table }: History, held: Of<"paths">, wish: Wish): Promise<Attributed> => {
  const { model, terms, house } = wish;
  const sums = tally();
  let finest = USUAL_DIGITS;
  const weigh = pathWeighing({ model: models[model], terms, house });
  for await (const rows of pathsIn(table, held.columns)) {
    for (const row of rows) {
      finest = Math.max(finest, row.value.digits);
      tallyPath(row, weigh, sums);
    }
  }
  return { model, report: sums.report(wish.digits ?? finest), names: [] };
};

const learnedOfPaths = async (history: History, held: Of<"paths">, wish: Wish, io: Io): Promise<Attributed> => {
  const { model, terms, house } = wish;
  const { log, finest } = await pathFileOf(history, held.columns, house);
  const learned = fittedOn(pathsOf(log, terms.house), fittingOf(terms, wish.throws), io);
  const names = log.payees.all;
  const sums = tally();
  if (wish.throws.isGlobal) tallyWhole(wholeOfPaths(log, finest), learned, names, sums);
  else {
    const weigh = pathWeighing({ model: models[model], terms, house, effects: effectsOf(learned, names) });
    barred(io, "sharing", log.count, (to) => {
      let done = 0;
      for (const line of linesOf(log)) {
        tallyPath(line, weigh, sums);
        done += 1;
        to(done);
      }
    });
  }
  return { model, report: sums.report(wish.digits ?? Math.max(USUAL_DIGITS, finest)), learned, names };
};

const needs: Readonly<Record<string, string>> = {
  instants: "when a touch was",
  milestones: "when a milestone was reached",
};

const ofPaths = async (history: History, held: Of<"paths">, wish: Wish, io: Io): Promise<Attributed> => {
  const { table } = history;
  const missing = needs[models[wish.model].sees];
  if (missing !== undefined) {
    const because = `paths do not say ${missing}, which ${wish.model} needs. Give events, or choose another model.`;
    throw table.fault(table.header, { cell: held.columns.path }, because);
  }
  for (const note of wish.clockless) io.err(`note: ${note}\n`);
  const made = isLearned(wish.model)
    ? await learnedOfPaths(history, held, wish, io)
    : await streamed(history, held, wish);
  io.err(leftOutTold(history.leftOut()));
  return made;
};

const ofEvents = async (history: History, held: Of<"events">, wish: Wish, io: Io): Promise<Attributed> => {
  const { model, terms } = wish;
  refuseWithoutMilestones([model], { milestones: terms.milestones });
  const events = await eventsOf(history, held.columns, wish);
  for (const note of events.notes) io.err(`note: ${note}\n`);
  io.err(leftOutTold(history.leftOut()));
  const digits = wish.digits ?? digitsOf(events);
  const file = barred(io, "gathering", events.log.count, (to) => eventFile(events, digits, to));
  const journeys = () => barred(io, "finding journeys", events.results, () => journeysOf(file, terms));
  const learned = isLearned(model) ? fittedOn(journeys(), fittingOf(terms, wish.throws), io) : undefined;
  const sums = tally();
  if (learned && wish.throws.isGlobal) tallyWhole(wholeOf(file), learned, file.names, sums);
  else
    barred(io, "sharing", events.results, (to) => {
      const give = tallying(events.log, sums, file.digits);
      let done = 0;
      shareEvents(events.log, file.columns, sharingOf(file, terms, learned), (parts) => {
        give(parts);
        done += 1;
        to(done);
      });
    });
  return { model, report: sums.report(wish.digits ?? file.digits), learned, names: file.names };
};

const read = async (file: string, wish: Wish, io: Io, progress: Progress): Promise<Attributed> => {
  const source = { path: resolve(io.cwd, file), shown: file, heard: progress.to };
  const history = await openHistory(source, wish.reading);
  const { held } = history;
  return held.kind === "paths" ? ofPaths(history, held, wish, io) : ofEvents(history, held, wish, io);
};

const run = async (args: Arguments, io: Io): Promise<number> => {
  const wish = wished(args, io);
  const file = args.operands[0] ?? "";
  const size = await stat(resolve(io.cwd, file)).then(
    (it) => it.size,
    () => 0,
  );
  const progress = io.progress("reading", size);
  const made = await read(file, wish, io, progress).finally(progress.done);
  if (made.report.isRounded) {
    io.err(
      "note: the file has finer values than --exponent prints; payees are rounded so that they sum to the total.\n",
    );
  }
  if (made.learned) io.err(`note: ${fittedNote}\n`);
  io.out(args.flag("json") ? attributedJson(made) : attributedText(made));
  return exits.fine;
};

const more = `
The models:

${modelHelp}

Paths have a column path, its payees separated by " > ", and any of total_conversions (or conversions; without it each
line is one), total_conversion_value (or value) and total_null (or null). They carry no clock: timeDecay and wShaped
refuse them, and --window, --half-life, --after, --views and --result mean nothing.

Events have the columns visitor, at, event, payee, and any of value, currency, id. An event is touch, view (something
only seen) or the name of a result such as sale. at is ISO 8601 with a zone, or milliseconds since 1970. A result that
names a payee is a touch of that payee too, at the same instant, as a promo code is. Each result looks back over the
whole window, unless --after restart. A line that repeats the id of a result read before is left out when it says the
same, and refused when it does not.

Separator , or ; and column order are found from the header, names in any case. Other names: --map ours=theirs. A log
that marks its results with 1 and 0 (or true and false, yes and no) names what a 1 is with --result:

  makegood attribute log.csv --model linear --result sale \\
    --map visitor=customer_id,at=time,event=conversion,payee=channel,value=conversion_value

--preset reads the files of other tools; --event says what an event of theirs is here:

${presetsTold()}
markov and shapley are fitted on the file itself: what everybody's effect on all its conversions is. Within each journey
they share by those effects; with --global they share the sum by them at once, as tools for reports do, which no single
conversion can be paid by. Intervals hold 95 of 100 replicates in which the file's journeys are thrown again by chance.

Conversions are counted in millionths and values exactly; both sum to the file's own totals. What no touch led to is the
house's.`;

/** `makegood attribute`: run the attribution law alone on a file of paths or events. */
export const command: Command = {
  name: "attribute",
  says: "Share the conversions of a file among their payees, under one model.",
  usage: "FILE --model M [options]",
  operands: [1, 1],
  options: {
    model: { value: "M", says: `one of ${modelNames}` },
    ...sharingOptions,
    exponent: { value: "2", says: "decimals of value; else the currency's, or as many as the file's finest value has" },
    json: { says: "print one JSON object, amounts as decimal text" },
  },
  more,
  run,
};
