import { useSignal } from "@preact/signals";
import { answerPairing } from "../../../shared/wire/people.ts";
import { signedOut } from "../kit/ask.ts";
import type { ViewProps } from "../kit/route.ts";
import { session } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Skeleton } from "../parts/states.tsx";

const Answered = ({ paired }: { readonly paired: boolean }) => (
  <div class="stack" role="status" data-testid={paired ? "paired" : "not-paired"}>
    <h1>{paired ? "The extension is connected" : "The extension stays out"}</h1>
    <p>
      {paired
        ? "Go back to it: it shows your contracts in a moment. You can close this page."
        : "It was told no and cannot see anything of yours. You can close this page."}
    </p>
  </div>
);

const Question = ({ code, name }: { readonly code: string; readonly name: string }) => {
  const typed = useSignal(code);
  const answer = useSignal<boolean | null>(null);
  const form = useSubmit(answerPairing, ({ paired }) => (answer.value = paired));
  const say = (allow: boolean): void => void form.submit({ body: { userCode: typed.value, allow } });
  if (answer.value !== null) return <Answered paired={answer.value} />;
  return (
    <Form onSubmit={() => say(true)} problem={form.problem.value} fields={["/userCode"]} testid="pair-form">
      <h1>Connect the Makegood extension?</h1>
      <p>
        A browser extension asks to work for you, <strong>{name}</strong>. Allow it only if you started this yourself
        and it shows the same code.
      </p>
      <TextBox
        label="Code shown by the extension"
        mono
        class="code-field"
        maxLength={20}
        value={typed.value}
        onInput={(text) => (typed.value = text.toUpperCase())}
        problem={saidOf(form.problem.value, "/userCode")}
        testid="pair-code"
      />
      <ul class="plain-list">
        <li>It may list your contracts and make tracked links for them.</li>
        <li>It may show your earnings and how they come about.</li>
        <li>Signing stays here: it has no way to ask you for a signature.</li>
      </ul>
      <div class="actions">
        <Button kind="primary" busy={form.busy.value} testid="pair-allow">
          Allow
        </Button>
        <Button busy={form.busy.value} onPress={() => say(false)} testid="pair-deny">
          Do not allow
        </Button>
      </div>
    </Form>
  );
};

/** Confirm the code an extension shows. Only somebody signed in can; everybody else is told so. */
export const PairView = ({ query }: ViewProps) => {
  const who = session.value;
  const here = who.state === "somebody" && !signedOut.value;
  return (
    <section class="card stack">
      {who.state === "waiting" && <Skeleton />}
      {here && <Question code={(query.get("code") ?? "").toUpperCase()} name={who.me.name || who.me.email} />}
      {who.state !== "waiting" && !here && (
        <div class="stack" data-testid="pair-signed-out">
          <h1>Sign in first</h1>
          <p>
            An extension asks to be connected, but nobody is signed in here. Sign in with your link in this browser,
            then open this page again: the code stays valid for some minutes.
          </p>
        </div>
      )}
    </section>
  );
};
