import { useEffect } from "preact/hooks";
import { signedOut } from "../kit/ask.ts";
import { forgetMe } from "../kit/session.ts";
import { PasskeyEntry } from "../parts/passkey-entry.tsx";

/** Nobody is signed in: what that means, and how to come back. */
export const SignedOutView = () => {
  useEffect(() => {
    if (signedOut.peek()) forgetMe();
  }, []);
  return (
    <section class="card stack" data-testid="signed-out">
      <h1>You are signed out</h1>
      <p>Nothing is lost. To come back, open a sign-in link; each works once.</p>
      <ul class="plain-list">
        <li>
          <strong>For a brand:</strong> whoever runs this server can print a new link for you.
        </li>
        <li>
          <strong>For an influencer:</strong> ask the brand you work with for a new link.
        </li>
      </ul>
      <PasskeyEntry />
    </section>
  );
};
