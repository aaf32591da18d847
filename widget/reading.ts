import type { Poll, Question, QuestionKind } from "../shared/audience/poll.ts";

type Loose = Readonly<Record<string, unknown>>;
/** Answers per question and option. */
type Tally = Readonly<Record<string, Readonly<Record<string, number>>>>;
/** How others answered, as a visitor may see it. */
export interface Standing {
  readonly responses: number;
  readonly questions: Tally;
}

const isText = (value: unknown): boolean => typeof value === "string";
const isTextOrAbsent = (value: unknown): boolean => value === undefined || isText(value);
const isList = (value: unknown): value is readonly Loose[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => entry && typeof entry === "object");

const kinds: Readonly<Record<QuestionKind, (question: Loose) => boolean>> = {
  choice: ({ options }) => isList(options) && options.every(({ id, label }) => isText(id) && isText(label)),
  scale: ({ low, high }) => isTextOrAbsent(low) && isTextOrAbsent(high),
  text: () => true,
};

const isQuestion = (it: Loose): boolean =>
  isText(it.id) &&
  isText(it.title) &&
  Object.keys(kinds).includes(it.kind as string) &&
  kinds[it.kind as QuestionKind](it);

/**
 * A poll from the wire, or nothing: what this page's copy cannot show whole, it does not show. Every text is checked
 * to be text, because an object in its place would be taken for a piece of the page.
 */
export const readPoll = (it: unknown): Poll | undefined => {
  const { id, title, thanks, questions } = Object(it) as Loose;
  const sound = [id, title, thanks].every(isText) && isList(questions) && questions.every(isQuestion);
  return sound ? (it as Poll) : undefined;
};

/** The tally in a reply, if the poll shows one. */
export const readStanding = (reply: unknown): Standing | null => {
  const { tally } = Object(reply) as { readonly tally?: Standing | null };
  return tally && typeof tally.responses === "number" && tally.questions ? tally : null;
};

/** How often each of these was answered; whatever is not a number is none. */
export const countsOf = (standing: Standing, question: Question, options: readonly string[]): readonly number[] =>
  options.map((option) => Number(Object(standing.questions[question.id])[option]) || 0);
