import { brand } from "../../../shared/wire/brand.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { CopyBox } from "../parts/copy.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Keys } from "./settings-keys.tsx";

const call = `<script>
  // Calls made before the tag has loaded wait for it.
  window.makegood ||= function () { (makegood.q ||= []).push(arguments) };
  makegood('lead', { email: 'ada@example.com', name: 'Ada' });
  makegood('sale', { id: 'order-17', value: '49.90', currency: 'USD' });
</script>`;

const form = `<form data-mg-lead>
  <input name="email" type="email" required>
  <input name="name">
  <button>Send</button>
</form>`;

const server = (origin: string): string => `curl ${origin}/v1/conversions \\
  -H 'authorization: Bearer sk_…' -H 'content-type: application/json' \\
  -d '{"result":"sale","id":"order-17","valueMinor":4990,"currency":"USD"}'`;

const Tag = ({ scriptTag }: { readonly scriptTag: string }) => (
  <Card title="The tag">
    <p>
      Paste it into the head of every landing page. It never holds the page up, and a host is verified as soon as the
      tag is seen on it.
    </p>
    <CopyBox what="Script tag" text={scriptTag} label="Copy the tag" kind="primary" testid="script-tag" />
    <p class="quiet">
      Add <code>data-consent="required"</code> and nothing is stored on the visitor's device until your page calls{" "}
      <code>makegood('consent', true)</code>.
    </p>
    <h3>Report a lead from a form</h3>
    <p class="quiet">Mark the form; what is typed into it becomes the lead when it is sent.</p>
    <CopyBox what="A marked form" text={form} testid="form-snippet" />
    <h3>Or from your own script</h3>
    <CopyBox what="Calls of the tag" text={call} testid="call-snippet" />
    <h3>Or from your server</h3>
    <p class="quiet">
      A result reported with a secret key is confirmed by it. Say the same id twice and it counts once.
    </p>
    <CopyBox what="A call to the server" text={server(location.origin)} testid="server-snippet" />
  </Card>
);

const SigningIn = () => (
  <Card title="Signing in">
    <p>
      A passkey signs you in without a link, and confirms that it is you when you sign a contract or change where money
      is paid. Beside your passkeys stand the browsers and extensions you are signed in with, each with a way to end it.{" "}
      <a href="/settings/passkeys" data-testid="to-passkeys">
        Passkeys, and where you are signed in
      </a>
    </p>
  </Card>
);

/** What a brand's developers need: the tag, the keys, and how to use them. */
export const SettingsView = () => {
  const load = useLoad("brand", () => ask(brand));
  return (
    <>
      <Head title="Settings" under="The tag for your pages, and keys for your servers." />
      <Shown of={load} lines={6}>
        {(it) => (
          <>
            <Card title={it.name}>
              <dl class="pairs">
                <div>
                  <dt>Publishable key</dt>
                  <dd class="mono" data-testid="publishable-key">
                    {it.publishableKey}
                  </dd>
                </div>
              </dl>
              <p class="hint">Not a secret: it may only say that your pages were seen, and what visitors do there.</p>
            </Card>
            <Tag scriptTag={it.scriptTag} />
          </>
        )}
      </Shown>
      <Keys />
      <SigningIn />
    </>
  );
};
