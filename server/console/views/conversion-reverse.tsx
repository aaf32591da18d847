import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { reverse } from "../../../shared/wire/conversions.ts";
import { money } from "../kit/figures.ts";
import { fresh, saidOf, useSubmit } from "../kit/submit.ts";
import type { ConversionPage } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { TextArea, TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { hundredths } from "../terms/amount.ts";
import type { DecisionProps } from "./conversion-decisions.tsx";

/** A percentage as typed, in thousandths of the conversion: "12.5" is 125. Nothing when it cannot be that. */
const permilleOf = (text: string): number | null => {
  const bp = hundredths(text);
  return bp !== null && bp % 10 === 0 && bp >= 10 && bp <= 10_000 ? bp / 10 : null;
};

const worth = ({ valueMinor, currency, result }: ConversionPage, permille: number): string =>
  valueMinor !== undefined && currency
    ? `about ${money(Math.round((valueMinor * permille) / 1000), currency)} of its value`
    : `${permille / 10} % of the ${result}`;

/** Take back a part of a conversion, or all of it. Its id is made once, so that pressing twice takes back once. */
export const Reverse = ({ page, onDone }: DecisionProps) => {
  const percent = useSignal("100");
  const note = useSignal("");
  const fault = useSignal(false);
  const reversal = useRef(`console-${fresh()}`);
  const form = useSubmit(reverse, onDone);
  const permille = permilleOf(percent.value);
  const said = note.value.trim();
  const submit = (): void => {
    fault.value = permille === null;
    if (permille === null) return;
    const body = { reversal: reversal.current, permille, ...(said !== "" && { note: said }) };
    void form.submit({ params: { conversion: page.id }, body });
  };
  const unreadable = fault.value && permille === null;
  return (
    <Form onSubmit={submit} problem={form.problem.value} fields={["/permille", "/note"]} testid="reverse-form">
      <p>
        As for a refund: the part taken back stops counting from now on. Closed statements stay as they are; the
        difference goes into the open one.
      </p>
      <TextBox
        label="Part taken back, in percent"
        inputMode="decimal"
        value={percent.value}
        onInput={(text) => (percent.value = text)}
        hint={permille === null ? "From 0.1 to 100, with at most one decimal." : `That is ${worth(page, permille)}.`}
        problem={
          unreadable
            ? "Write a percentage from 0.1 to 100, with at most one decimal."
            : saidOf(form.problem.value, "/permille")
        }
        testid="reverse-percent"
      />
      <TextArea
        label="Note (optional)"
        maxLength={500}
        value={note.value}
        onInput={(text) => (note.value = text)}
        problem={saidOf(form.problem.value, "/note")}
        testid="reverse-note"
      />
      <Button kind="danger" busy={form.busy.value} testid="confirm-reverse">
        Take back
      </Button>
    </Form>
  );
};
