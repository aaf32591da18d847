import { enter } from "../../../shared/wire/people.ts";
import { go } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import { arrived, known } from "../kit/session.ts";
import { useSubmit } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { Form } from "../parts/form.tsx";
import { isWholeToken, NotWhole } from "../parts/not-whole.tsx";
import { PasskeyEntry } from "../parts/passkey-entry.tsx";

const SignIn = ({ token }: { readonly token: string }) => {
  const form = useSubmit(enter, async ({ path }) => {
    await arrived();
    go(path, "replace");
  });
  return (
    <Form onSubmit={() => void form.submit({ body: { token } })} problem={form.problem.value} testid="enter-form">
      <h1>Sign in</h1>
      <p class="quiet">This link signs you in on this browser, once. You stay signed in until you sign out.</p>
      <Button kind="primary" busy={form.busy.value} testid="sign-in">
        Sign in
      </Button>
    </Form>
  );
};

/** Whoever is signed in already need not sign in again: a link that was used up still leads them on. */
const AlreadyIn = () => {
  const me = known();
  if (!me) return null;
  return (
    <p data-testid="already-in">
      This browser is signed in as <strong>{me.name || me.email}</strong>. <a href="/">Go on as that</a>
    </p>
  );
};

/** A one-time sign-in link. Opening it changes nothing, since mail scanners open links too; pressing the button signs in. */
export const EnterView = ({ hash }: ViewProps) => {
  const token = hash.get("token") ?? "";
  return (
    <section class="card stack">
      {isWholeToken(token) ? <SignIn key={token} token={token} /> : <NotWhole />}
      <AlreadyIn />
      <PasskeyEntry />
    </section>
  );
};
