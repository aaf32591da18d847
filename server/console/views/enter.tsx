import { enter } from "../../../shared/wire/people.ts";
import { go } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import { whoAmI } from "../kit/session.ts";
import { useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { Form } from "../parts/form.tsx";
import { PasskeyEntry } from "../parts/passkey-entry.tsx";

/** A one-time sign-in link. Opening it changes nothing, since mail scanners open links too; pressing the button signs in. */
export const EnterView = ({ hash }: ViewProps) => {
  const token = hash.get("token") ?? "";
  const form = useSubmit(enter, async ({ path }) => {
    await whoAmI();
    go(path, "replace");
  });
  if (token === "")
    return (
      <section class="card stack">
        <h1>This link is not whole</h1>
        <p>A part of it is missing. Copy the whole link, up to its very end, into the address bar.</p>
        <PasskeyEntry />
      </section>
    );
  return (
    <section class="card stack">
      <Form onSubmit={() => void form.submit({ body: { token } })} problem={form.problem.value} testid="enter-form">
        <h1>Sign in</h1>
        <p class="quiet">This link signs you in on this browser, once. You stay signed in until you sign out.</p>
        <Button kind="primary" busy={form.busy.value} testid="sign-in">
          Sign in
        </Button>
      </Form>
      <PasskeyEntry />
    </section>
  );
};
