import type { Answers, Poll, Question } from "../shared/audience/poll.ts";
import type { Answer } from "./questions.tsx";
import type { Standing } from "./reading.ts";

/** Where a visitor is in a poll. */
export interface Progress {
  readonly step: number;
  /** By the place of their question. */
  readonly answers: readonly Answer[];
  /** What keeps the visitor from going on, if anything. */
  readonly fault: "" | "needed" | "unsent";
  readonly busy: boolean;
  /** Undefined until the answers were taken, then how everybody answered, if the poll shows that. */
  readonly end?: Standing | null;
}

/** The ways on. */
export interface Moves {
  readonly put: (answer: Answer) => void;
  readonly next: () => void;
  readonly back: () => void;
}

const isGiven = (answer: Answer): boolean => `${answer ?? ""}`.trim() !== "";

const toSend = (questions: readonly Question[], answers: readonly Answer[]): Answers =>
  Object.fromEntries(
    questions.flatMap(({ id }, at) => (isGiven(answers[at]) ? [[id, answers[at] as string | number]] : [])),
  );

/** Is this the last question? */
export const isLast = ({ questions }: Poll, { step }: Progress): boolean => step === questions.length - 1;

/** Does going on from here leave a question unanswered, which its author allows? */
export const skips = (poll: Poll, at: Progress): boolean =>
  !poll.questions[at.step]?.required && !isLast(poll, at) && !isGiven(at.answers[at.step]);

/** Walk through a poll; `shown` is called with every new progress, the first one included. */
export const walk = (
  poll: Poll,
  send: (answers: Answers) => Promise<Standing | null>,
  shown: (progress: Progress, moves: Moves) => void,
): void => {
  const { questions } = poll;
  let at: Progress = { step: 0, answers: [], fault: "", busy: false };
  const set = (change: Partial<Progress>): void => {
    at = { ...at, fault: "", ...change };
    shown(at, moves);
  };
  const submit = (): void => {
    set({ busy: true });
    send(toSend(questions, at.answers)).then(
      (end) => set({ end }),
      () => set({ busy: false, fault: "unsent" }),
    );
  };
  const moves: Moves = {
    put: (answer) => set({ answers: questions.map((_, place) => (place === at.step ? answer : at.answers[place])) }),
    back: () => set({ step: at.step - 1 }),
    next: () => {
      const last = isLast(poll, at);
      const needed = questions[at.step]?.required || (last && !at.answers.some(isGiven));
      if (at.busy) return;
      if (needed && !isGiven(at.answers[at.step])) set({ fault: "needed" });
      else if (last) submit();
      else set({ step: at.step + 1 });
    },
  };
  set({});
};
