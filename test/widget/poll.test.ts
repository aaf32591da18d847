import { expect, test } from "vitest";
import type { Poll } from "../../shared/audience/poll.ts";
import { type Moves, type Progress, skips, walk } from "../../widget/progress.ts";
import { countsOf, readPoll, readStanding } from "../../widget/reading.ts";
import { wordsFor } from "../../widget/words.ts";

const poll: Poll = {
  id: "p",
  title: "Quick",
  thanks: "Thanks",
  showResults: false,
  questions: [
    {
      id: "constructor",
      kind: "choice",
      title: "Which?",
      required: true,
      options: [
        { id: "a", label: "A" },
        { id: "b", label: "B" },
      ],
    },
    { id: "ten", kind: "scale", title: "How much?" },
    { id: "why", kind: "text", title: "Why?" },
  ],
};

const start = (replies: readonly (unknown | Error)[], given = poll) => {
  const sent: unknown[] = [];
  let at: Progress | undefined;
  let moves: Moves | undefined;
  const send = async (answers: unknown) => {
    const reply = replies[sent.push(answers) - 1];
    if (reply instanceof Error) throw reply;
    return readStanding(reply);
  };
  walk(given, send, (progress, ways) => {
    at = progress;
    moves = ways;
  });
  return { sent, now: () => at as Progress, go: () => moves as Moves };
};
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("a needed question holds the visitor until it is answered, another is passed over", async () => {
  const { sent, now, go } = start([{ tally: null }]);
  go().next();
  expect([now().step, now().fault]).toEqual([0, "needed"]);
  go().put("b");
  expect(now().fault).toBe("");
  go().next();
  expect([now().step, skips(poll, now())]).toEqual([1, true]);
  go().next();
  go().put("  ");
  go().next();
  expect(now().busy).toBe(true);
  go().next();
  await turn();
  expect(sent).toEqual([{ constructor: "b" }]);
  expect(now().end).toBeNull();
});

test("zero is an answer", async () => {
  const { sent, go } = start([{}], { ...poll, questions: [poll.questions[1]!] });
  go().put(0);
  go().next();
  await turn();
  expect(sent).toEqual([{ ten: 0 }]);
});

test("a poll in which nothing was answered is not sent", () => {
  const { sent, now, go } = start([], { ...poll, questions: poll.questions.slice(1) });
  go().next();
  go().next();
  expect([now().fault, sent]).toEqual(["needed", []]);
});

test("answers that could not be sent are kept and sent again", async () => {
  const { sent, now, go } = start([new Error("offline"), { tally: { responses: 1, questions: {} } }]);
  go().put("a");
  go().next();
  go().put(7);
  go().next();
  go().next();
  await turn();
  expect([now().fault, now().busy, now().answers]).toEqual(["unsent", false, ["a", 7, undefined]]);
  go().next();
  await turn();
  expect(sent).toEqual([
    { constructor: "a", ten: 7 },
    { constructor: "a", ten: 7 },
  ]);
  expect(now().end).toEqual({ responses: 1, questions: {} });
});

test("a sound poll is read as it is", () => {
  expect(readPoll(poll)).toBe(poll);
});

test.each([
  null,
  undefined,
  7,
  "poll",
  [],
  {},
  { ...poll, id: 7 },
  { ...poll, title: { type: "img", props: { src: "x" } } },
  { ...poll, thanks: undefined },
  { ...poll, questions: [] },
  { ...poll, questions: {} },
  { ...poll, questions: [null] },
  { ...poll, questions: [{ id: "q", title: "Q", kind: "constructor" }] },
  { ...poll, questions: [{ id: "q", title: ["Q"], kind: "text" }] },
  { ...poll, questions: [{ id: "q", title: "Q", kind: "scale", low: {} }] },
  { ...poll, questions: [{ id: "q", title: "Q", kind: "choice" }] },
  { ...poll, questions: [{ id: "q", title: "Q", kind: "choice", options: [{ id: "a", label: {} }] }] },
])("what is not a poll as a whole is not shown at all (%#)", (given) => {
  expect(readPoll(given)).toBeUndefined();
});

test("a tally counts what is a number, and a reply without one shows none", () => {
  const standing = readStanding({ tally: { responses: 3, questions: { constructor: { a: 2, b: "many" } } } })!;
  expect(countsOf(standing, poll.questions[0]!, ["a", "b", "toString"])).toEqual([2, 0, 0]);
  expect(countsOf(standing, poll.questions[1]!, ["0"])).toEqual([0]);
  expect([{}, null, { tally: null }, { tally: 3 }, "x"].map(readStanding)).toEqual([null, null, null, null, null]);
});

test("every language has every word, and an unknown one speaks English", () => {
  for (const language of ["en", "es-MX", "de", "fr-CA", "pt-BR", "ar", ""]) {
    expect(Object.values(wordsFor(language)).filter((word) => !word)).toEqual([]);
  }
  expect(wordsFor("DE-at").next).toBe("Weiter");
  expect(wordsFor("ar")).toEqual(wordsFor("en"));
});
