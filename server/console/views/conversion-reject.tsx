import { useSignal } from "@preact/signals";
import { reject } from "../../../shared/wire/conversions.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { rejections } from "../kit/words.ts";
import { Button } from "../parts/button.tsx";
import { Choice, TextArea } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import type { DecisionProps } from "./conversion-decisions.tsx";

type Reason = keyof typeof rejections;

const options = Object.entries(rejections).map(([value, label]) => ({ value, label }));

/** Reject a conversion, with a reason the influencers are shown. */
export const Reject = ({ page, onDone }: DecisionProps) => {
  const reason = useSignal<Reason>("duplicate");
  const note = useSignal("");
  const form = useSubmit(reject, onDone);
  const said = note.value.trim();
  return (
    <Form
      onSubmit={() =>
        void form.submit({
          params: { conversion: page.id },
          body: { reason: reason.value, ...(said !== "" && { note: said }) },
        })
      }
      problem={form.problem.value}
      fields={["/reason", "/note"]}
      testid="reject-form"
    >
      <p>It will not count, and what it has earned is taken back. The influencers see the reason.</p>
      <Choice
        label="Reason"
        value={reason.value}
        options={options}
        onPick={(it) => (reason.value = it as Reason)}
        problem={saidOf(form.problem.value, "/reason")}
        testid="reject-reason"
      />
      <TextArea
        label="Note (optional)"
        hint="Influencers can read it: no personal data of the lead."
        maxLength={500}
        value={note.value}
        onInput={(text) => (note.value = text)}
        problem={saidOf(form.problem.value, "/note")}
        testid="reject-note"
      />
      <Button kind="danger" busy={form.busy.value} testid="confirm-reject">
        Reject
      </Button>
    </Form>
  );
};
