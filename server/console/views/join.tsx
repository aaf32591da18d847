import { useSignal } from "@preact/signals";
import { invitation, join } from "../../../shared/wire/people.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { go } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import { arrived } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { isWholeToken, NotWhole } from "../parts/not-whole.tsx";
import { Shown } from "../parts/states.tsx";

interface Invited {
  readonly token: string;
  readonly brandName: string;
  readonly name: string;
}

const Accept = ({ token, brandName, name }: Invited) => {
  const typed = useSignal(name);
  const form = useSubmit(join, async ({ path }) => {
    await arrived();
    go(path, "replace");
  });
  return (
    <Form
      onSubmit={() => void form.submit({ body: { token, name: typed.value } })}
      problem={form.problem.value}
      fields={["/name"]}
      testid="join-form"
    >
      <h1>
        <span data-testid="inviting-brand">{brandName}</span> invites you
      </h1>
      <p>
        Promote {brandName} and be paid by results. You will see the terms before you sign anything, and how every
        amount you earn comes about.
      </p>
      <TextBox
        label="Your name"
        hint="As the brand will see it, and as you sign."
        autocomplete="name"
        maxLength={120}
        value={typed.value}
        onInput={(text) => (typed.value = text)}
        problem={saidOf(form.problem.value, "/name")}
        testid="join-name"
      />
      <Button kind="primary" busy={form.busy.value} testid="join">
        Accept and continue
      </Button>
    </Form>
  );
};

const Invitation = ({ token }: { readonly token: string }) => {
  const load = useLoad(`invitation ${token}`, () => ask(invitation, { body: { token } }));
  return (
    <Shown of={load} page>
      {({ brandName, name }) => <Accept token={token} brandName={brandName} name={name} />}
    </Shown>
  );
};

/** An invitation: who invites, before anything is used up, and the button that accepts. */
export const JoinView = ({ hash }: ViewProps) => {
  const token = hash.get("token") ?? "";
  return (
    <section class="card stack">
      {isWholeToken(token) ? <Invitation key={token} token={token} /> : <NotWhole />}
    </section>
  );
};
