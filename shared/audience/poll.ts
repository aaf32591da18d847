import * as v from "valibot";
import { ok, type Result, refuse } from "../kit/shape.ts";

const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));
// Two words that every JavaScript object answers to are refused: answers under them would be lost or miscounted.
const id = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:constructor|prototype)$)[a-z0-9-]{1,32}$/,
    'must be lower-case letters, digits and dashes, and neither "constructor" nor "prototype"',
  ),
);

const Choice = v.strictObject({
  id,
  kind: v.literal("choice"),
  title: text(200),
  required: v.optional(v.boolean()),
  options: v.pipe(v.array(v.strictObject({ id, label: text(120) })), v.minLength(2), v.maxLength(12)),
});
const Scale = v.strictObject({
  id,
  kind: v.literal("scale"),
  title: text(200),
  required: v.optional(v.boolean()),
  low: v.optional(text(60)),
  high: v.optional(text(60)),
});
const Text = v.strictObject({ id, kind: v.literal("text"), title: text(200), required: v.optional(v.boolean()) });

/** One question of a poll: pick one, a whole number from 0 to 10, or free text of at most 1 000 characters. */
export const QuestionSchema = v.variant("kind", [Choice, Scale, Text]);
/** A question as data. Its text is plain text, never markup. */
export type Question = v.InferOutput<typeof QuestionSchema>;
/** The kinds of question there are. */
export type QuestionKind = Question["kind"];

/** What a landing page needs to show a poll. `showResults`: let the visitor see how others answered. */
export const PollSchema = v.strictObject({
  id: v.string(),
  title: text(120),
  questions: v.pipe(v.array(QuestionSchema), v.minLength(1), v.maxLength(10)),
  thanks: text(200),
  showResults: v.boolean(),
});
/** A poll as a visitor meets it. */
export type Poll = v.InferOutput<typeof PollSchema>;

/** Answers by question id: an option's id, a whole number from 0 to 10, or text. */
export const AnswersSchema = v.record(
  v.pipe(v.string(), v.maxLength(32)),
  v.union([v.pipe(v.string(), v.maxLength(1000)), v.number()]),
);
/** One visitor's answers. */
export type Answers = v.InferOutput<typeof AnswersSchema>;

const accepts: {
  readonly [K in QuestionKind]: (
    question: Extract<Question, { kind: K }>,
    answer: string | number,
  ) => string | undefined;
} = {
  choice: ({ options }, answer) =>
    options.some((option) => option.id === answer) ? undefined : "is not one of the options",
  scale: (_, answer) =>
    typeof answer === "number" && Number.isInteger(answer) && answer >= 0 && answer <= 10
      ? undefined
      : "must be a whole number from 0 to 10",
  text: (_, answer) => (typeof answer === "string" ? undefined : "must be text"),
};

const fault = (question: Question, answers: Answers): string | undefined => {
  const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
  const silent = answer === undefined || (typeof answer === "string" && answer.trim() === "");
  if (silent) return question.required ? "needs an answer" : undefined;
  return accepts[question.kind](question as never, answer);
};

/** Take a visitor's answers, or refuse them (`bad-answer`) saying which question and why. Nothing unknown is kept. */
export const accept = (questions: readonly Question[], answers: Answers): Result<Answers> => {
  for (const question of questions) {
    const wrong = fault(question, answers);
    if (wrong) return refuse("bad-answer", `The answer to "${question.title}" ${wrong}.`);
  }
  const unknown = Object.keys(answers).find((key) => !questions.some(({ id }) => id === key));
  if (unknown !== undefined) return refuse("bad-answer", `This poll has no question "${unknown}".`);
  const given = Object.entries(answers).filter(([, answer]) => typeof answer === "number" || answer.trim() !== "");
  if (given.length === 0) return refuse("bad-answer", "Nothing was answered.");
  return ok(Object.fromEntries(given));
};

/** How a poll stands: answers per question and option. Free texts are counted here and kept elsewhere. */
export interface Tally {
  readonly responses: number;
  readonly questions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A poll nobody has answered. */
export const emptyTally: Tally = { responses: 0, questions: {} };

/** The tally with one more response: choices by option id, scales by number, texts under `text`. */
export const count = (tally: Tally, questions: readonly Question[], answers: Answers): Tally => {
  const next: Record<string, Readonly<Record<string, number>>> = { ...tally.questions };
  for (const { id: key, kind } of questions) {
    const answer = answers[key];
    if (answer === undefined) continue;
    const bucket = kind === "text" ? "text" : String(answer);
    const before = next[key] ?? {};
    next[key] = { ...before, [bucket]: (before[bucket] ?? 0) + 1 };
  }
  return { responses: tally.responses + 1, questions: next };
};
