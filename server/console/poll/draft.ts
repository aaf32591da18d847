import type { Question, QuestionKind } from "../../../shared/audience/poll.ts";

/** A question being written. `key` names it on the page and, as its id, in the poll. */
export interface QuestionDraft {
  readonly key: string;
  readonly kind: QuestionKind;
  readonly title: string;
  readonly required: boolean;
  readonly options: readonly { readonly key: string; readonly label: string }[];
  readonly low: string;
  readonly high: string;
}

/** A poll being written. */
export interface PollDraft {
  readonly title: string;
  readonly questions: readonly QuestionDraft[];
  readonly thanks: string;
  readonly showResults: boolean;
}

/** The most questions a poll may have, and the most options a question. */
export const MOST_QUESTIONS = 10;
export const MOST_OPTIONS = 12;

const nextKey = (letter: string, taken: readonly { readonly key: string }[]): string => {
  const numbers = taken.map(({ key }) => Number(key.slice(1)));
  return `${letter}${Math.max(0, ...numbers) + 1}`;
};

/** One more question, empty. */
export const withQuestion = (draft: PollDraft, kind: QuestionKind): PollDraft => {
  const options = kind === "choice" ? ["o1", "o2"].map((key) => ({ key, label: "" })) : [];
  const key = nextKey("q", draft.questions);
  return {
    ...draft,
    questions: [
      ...draft.questions,
      { key, kind, title: "", required: draft.questions.length === 0, options, low: "", high: "" },
    ],
  };
};

/** The same question with one more option. */
export const withOption = (question: QuestionDraft): QuestionDraft => ({
  ...question,
  options: [...question.options, { key: nextKey("o", question.options), label: "" }],
});

/** A poll to begin with: one question. */
export const blankPoll: PollDraft = withQuestion(
  { title: "", questions: [], thanks: "Thank you!", showResults: false },
  "choice",
);

/** The kinds of question, as somebody writing a poll meets them. */
export const kinds: Readonly<Record<QuestionKind, string>> = {
  choice: "Pick one",
  scale: "0 to 10",
  text: "Free text",
};

const questionOf = ({ key, kind, title, required, options, low, high }: QuestionDraft): Question => {
  const asked = { id: key, title, ...(required && { required }) };
  if (kind === "choice") return { ...asked, kind, options: options.map((it) => ({ id: it.key, label: it.label })) };
  if (kind === "scale") return { ...asked, kind, ...(low.trim() && { low }), ...(high.trim() && { high }) };
  return { ...asked, kind };
};

/** The poll as it is opened. */
export const bodyOf = ({ title, questions, thanks, showResults }: PollDraft) => ({
  title,
  questions: questions.map(questionOf),
  showResults,
  ...(thanks.trim() && { thanks }),
});
