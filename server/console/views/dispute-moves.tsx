import { useSignal } from "@preact/signals";
import { answerDispute, concedeDispute, escalateDispute, withdrawDispute } from "../../../shared/wire/disputes.ts";
import { money } from "../kit/figures.ts";
import { useSubmit } from "../kit/submit.ts";
import type { DisputePage } from "../kit/wire.money.ts";
import { nameOf } from "../kit/words.money.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Form } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";
import { Accept, type MoveProps, offered, Propose } from "./dispute-propose.tsx";
import { useWords, WordsFields, wordFields } from "./dispute-words.tsx";

const AnswerForm = ({ page, onMoved }: MoveProps) => {
  const words = useWords();
  const form = useSubmit(answerDispute, onMoved);
  const first = page.status === "opened";
  return (
    <Form
      onSubmit={() => void form.submit({ params: { dispute: page.id }, body: words.said() })}
      problem={form.problem.value}
      fields={wordFields}
      testid="answer-form"
    >
      <WordsFields
        label={first ? "What do you say to it?" : "What do you say to the answer?"}
        hint="Once only. No personal data of a lead: a mediator may read it too."
        of={words}
        problem={form.problem.value}
        testid="answer"
      />
      <Button kind={first ? "primary" : "plain"} busy={form.busy.value} testid="answer">
        {first ? "Send the answer" : "Send the reply"}
      </Button>
    </Form>
  );
};

/** The other side's answer is what the dispute waits for; the opener's reply to it may be left out. */
const Answer = (props: MoveProps) =>
  props.page.status === "opened" ? (
    <Card title="Your answer" class="accented">
      <AnswerForm {...props} />
    </Card>
  ) : (
    <details class="card" data-testid="reply">
      <summary>Reply to the answer, once</summary>
      <AnswerForm {...props} />
    </details>
  );

/** A move that only needs to be confirmed, and what it brings. */
const endings = {
  escalate: {
    door: escalateDispute,
    label: "Ask the mediator…",
    title: "Ask the mediator?",
    kind: "primary",
    confirm: "Ask the mediator",
    says: () =>
      "From then on the mediator alone decides how the amount is split. Each side is given half of a key to hand to the mediator; it takes both halves to decide. You can still withdraw or concede.",
  },
  withdraw: {
    door: withdrawDispute,
    label: "Withdraw the dispute…",
    title: "Withdraw this dispute?",
    kind: "danger",
    confirm: "Withdraw",
    says: ({ direction }: DisputePage) =>
      `Everything stays as if it had not been${direction === "less" ? ", and what was held is paid as usual" : ""}. You cannot dispute the same again.`,
  },
  concede: {
    door: concedeDispute,
    label: "Concede…",
    title: "Concede this dispute?",
    kind: "danger",
    confirm: "Concede",
    says: (page: DisputePage) =>
      `The whole ${money(page.amountMinor, page.currency)} goes to ${nameOf(page, page.opener)}, as they say. That ends the dispute for good.`,
  },
} as const;

type Ending = keyof typeof endings;

const endingsOf = ({ status, opener, you }: DisputePage): readonly Ending[] => [
  ...(status === "answered" || status === "proposed" ? (["escalate"] as const) : []),
  you === opener ? "withdraw" : "concede",
];

const End = ({ page, onMoved, ending }: MoveProps & { readonly ending: Ending }) => {
  const asking = useSignal(false);
  const { door, label, title, kind, confirm, says } = endings[ending];
  const form = useSubmit(door, (moved) => {
    asking.value = false;
    onMoved(moved);
  });
  return (
    <>
      <Button kind={kind === "danger" ? "danger" : "plain"} onPress={() => (asking.value = true)} testid={ending}>
        {label}
      </Button>
      <Confirm
        open={asking.value}
        title={title}
        label={confirm}
        kind={kind}
        busy={form.busy.value}
        problem={form.problem.value}
        testid={ending}
        onClose={() => (asking.value = false)}
        onConfirm={() => void form.submit({ params: { dispute: page.id }, body: {} } as never)}
      >
        <p>{says(page)}</p>
      </Confirm>
    </>
  );
};

const mayReply = ({ status, you, opener, replied }: DisputePage): boolean =>
  status === "opened" ? you !== opener : you === opener && !replied && status !== "escalated";

const mayPropose = ({ status, proposals, you }: DisputePage): boolean =>
  status === "answered" || (status === "proposed" && proposals.at(-1)?.party !== you);

/** Everything whoever looks may do now, the most likely first. */
export const Moves = (props: MoveProps) => {
  const { page } = props;
  const step = `${page.status} ${page.proposals.length}`;
  return (
    <>
      {offered(page) && <Accept key={`accept ${step}`} {...props} />}
      {page.status === "opened" && mayReply(page) && <Answer key="answer" {...props} />}
      {mayPropose(page) && <Propose key={`propose ${step}`} {...props} />}
      {page.status !== "opened" && mayReply(page) && <Answer key="reply" {...props} />}
      <div class="actions" data-testid="endings">
        {endingsOf(page).map((ending) => (
          <End key={ending} {...props} ending={ending} />
        ))}
      </div>
    </>
  );
};
