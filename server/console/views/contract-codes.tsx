import { useSignal } from "@preact/signals";
import { createCode } from "../../../shared/wire/brand.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";

/** Give a contract a promo code. */
export const Codes = ({ it }: { readonly it: Contract }) => {
  const typed = useSignal("");
  const made = useSignal<readonly string[]>(it.codes);
  const form = useSubmit(createCode, ({ code }) => {
    typed.value = "";
    made.value = [...made.peek().filter((one) => one !== code), code];
  });
  return (
    <Card title="Promo codes">
      <p class="quiet">
        A customer who uses {it.influencerName}'s code counts as led here by it, even without a click.
      </p>
      {made.value.length > 0 && (
        <ul class="chips" data-testid="codes" aria-label="Codes of this contract">
          {made.value.map((code) => (
            <li key={code}>
              <span class="badge good mono">{code}</span>
            </li>
          ))}
        </ul>
      )}
      <Form
        class="inline"
        onSubmit={() => void form.submit({ params: { contract: it.id }, body: { code: typed.value } })}
        problem={form.problem.value}
        fields={["/code"]}
        testid="code-form"
      >
        <TextBox
          label="New code"
          mono
          maxLength={40}
          value={typed.value}
          onInput={(text) => (typed.value = text.toUpperCase())}
          hint="3 to 40 letters, digits, - or _."
          problem={saidOf(form.problem.value, "/code")}
          testid="code"
        />
        <Button busy={form.busy.value} testid="create-code">
          Create
        </Button>
      </Form>
    </Card>
  );
};
