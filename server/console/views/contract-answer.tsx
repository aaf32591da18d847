import { useSignal } from "@preact/signals";
import { type DeclineReason, declineReasons } from "../../../shared/contract/contract.ts";
import { declineContract, withdrawContract } from "../../../shared/wire/contracts.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { declines } from "../kit/words.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Choice, TextArea } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";

interface AnswerProps {
  readonly it: Contract;
  /** What is on the table, in a word: "offer". */
  readonly what: string;
  /** Whether the contract goes on without it. */
  readonly runs: boolean;
  readonly onDone: (it: Contract) => void;
}

const reasons = declineReasons.map((value) => ({ value, label: declines[value] }));

const Declining = ({ it, what, runs, onDone }: AnswerProps) => {
  const reason = useSignal<DeclineReason>("pay");
  const note = useSignal("");
  const form = useSubmit(declineContract, onDone);
  const problem = form.problem.value;
  const send = (): void => {
    const text = note.value.trim();
    const body = { reason: reason.value, ...(text !== "" && { note: text }) };
    void form.submit({ params: { contract: it.id }, body });
  };
  return (
    <Form onSubmit={send} problem={problem} fields={["/reason", "/note"]} testid="decline-form">
      <p>
        {runs
          ? "The contract goes on as it was signed."
          : `The ${what} ends with that. You might put other terms on the table instead.`}
      </p>
      <Choice
        label="Why"
        value={reason.value}
        options={reasons}
        onPick={(picked) => (reason.value = picked as DeclineReason)}
        problem={saidOf(problem, "/reason")}
        testid="decline-reason"
      />
      <TextArea
        label="A word to the other side"
        hint="If you like. They read it."
        maxLength={1000}
        value={note.value}
        onInput={(text) => (note.value = text)}
        problem={saidOf(problem, "/note")}
        testid="decline-note"
      />
      <Button kind="danger" busy={form.busy.value} testid="confirm-decline">
        Decline
      </Button>
    </Form>
  );
};

const Withdrawing = ({ it, what, runs, onDone }: AnswerProps) => {
  const form = useSubmit(withdrawContract, onDone);
  return (
    <Form
      onSubmit={() => void form.submit({ params: { contract: it.id }, body: {} })}
      problem={form.problem.value}
      testid="withdraw-form"
    >
      <p>
        Nobody can sign it any more. {runs ? "The contract goes on as it was signed." : `The ${what} ends with that.`}
      </p>
      <Button kind="danger" busy={form.busy.value} testid="confirm-withdraw">
        Withdraw
      </Button>
    </Form>
  );
};

const deeds = {
  decline: { label: "Decline", Body: Declining },
  withdraw: { label: "Withdraw", Body: Withdrawing },
} as const;

/** To say no to what the other side put on the table, or to take back one's own; asked once more before it is done. */
export const Answer = ({ how, ...props }: AnswerProps & { readonly how: keyof typeof deeds }) => {
  const open = useSignal(false);
  const { label, Body } = deeds[how];
  const done = (it: Contract): void => {
    open.value = false;
    props.onDone(it);
  };
  return (
    <>
      <Button kind="danger" onPress={() => (open.value = true)} testid={how}>
        {label}
      </Button>
      <Dialog
        open={open.value}
        title={`${label} the ${props.what}`}
        onClose={() => (open.value = false)}
        testid={`${how}-dialog`}
      >
        <Body {...props} onDone={done} />
      </Dialog>
    </>
  );
};
