import { useSignal } from "@preact/signals";
import { consents, consentVersion } from "../../../shared/contract/consent.ts";
import type { Party } from "../../../shared/contract/contract.ts";
import { sign } from "../../../shared/wire/influencer.ts";
import { ask, type Problem } from "../kit/ask.ts";
import { partyName } from "../kit/contract.ts";
import { useDeed } from "../kit/deed.ts";
import type { HashCheck } from "../kit/hash.ts";
import { prove } from "../kit/proof.ts";
import { saidOf } from "../kit/submit.ts";
import type { Contract, Proposal } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { TextBox, Tick } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, When } from "../parts/small.tsx";

interface SignProps {
  readonly it: Contract;
  readonly proposal: Proposal;
  /** The sides of whoever looks that have not signed it. */
  readonly unsigned: readonly Party[];
  readonly check: HashCheck;
  readonly onSigned: (it: Contract) => void;
}

/** Prove who is at the keyboard, then sign. A proof serves once, so signing again proves again. */
const proveAndSign = async (contract: string, termsHash: string, name: string) => {
  const proved = await prove(`sign:${contract}:${termsHash}`);
  if (!proved.ok) return { ok: false, problem: proved.refusal } as const;
  const { proof } = proved.value;
  return ask(sign, { params: { contract }, body: { termsHash, name: name.trim(), agree: true, proof } });
};

const Consent = () => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
  <section class="consent" tabIndex={0} aria-label="What you consent to" data-testid="consent">
    {(consents[consentVersion] ?? []).map((paragraph) => (
      <p key={paragraph}>{paragraph}</p>
    ))}
    <p class="quiet">
      Version <code>{consentVersion}</code>
    </p>
  </section>
);

const advice: Readonly<Record<string, string>> = {
  "sign-in-again":
    "Nothing was signed. Signing asks that you signed in within the last 12 hours, so that nobody signs on a device you left open. Sign out, come back by a new link, and you find this page as it is. With a passkey you are not asked to.",
  "passkey-cancelled": "Nothing was signed.",
  "terms-changed": "Nothing was signed. Load this page again to read what is on the table now.",
};

const Advice = ({ problem }: { readonly problem: Problem | null }) => {
  const said = problem && Object.hasOwn(advice, problem.code) ? advice[problem.code] : undefined;
  return said ? (
    <p data-testid="sign-advice">
      {said} {problem?.code === "sign-in-again" && <a href="/settings/passkeys">Set up a passkey</a>}
    </p>
  ) : null;
};

const SignForm = ({ it, proposal, unsigned, check, onSigned }: SignProps) => {
  const name = useSignal("");
  const agree = useSignal(false);
  const deed = useDeed(proveAndSign, onSigned);
  const problem = deed.problem.value;
  const ready = agree.value && name.value.trim().length >= 2 && check !== "other";
  const party = unsigned[0] ?? "brand";
  return (
    <Card title={`Sign for ${partyName(it, party)}`} class="accented" testid="sign-card">
      <Form
        onSubmit={() => void deed.start(it.id, proposal.termsHash, name.value)}
        problem={problem}
        fields={["/name"]}
        testid="sign-form"
      >
        <p>
          You sign exactly the text above, under its terms' hash <code>{proposal.termsHash.slice(0, 16)}…</code>. If it
          changed meanwhile, your signature is refused.
        </p>
        <Consent />
        <Tick
          label="I have read the terms and this consent, and I agree to both."
          checked={agree.value}
          onTick={(ticked) => (agree.value = ticked)}
          testid="sign-agree"
        />
        <TextBox
          label="Type your full name"
          hint="Typing it is your signature. Where you have a passkey, your device asks for it next."
          autocomplete="name"
          maxLength={120}
          value={name.value}
          onInput={(text) => (name.value = text)}
          problem={saidOf(problem, "/name")}
          testid="sign-name"
        />
        <Button kind="primary" busy={deed.busy.value} disabled={!ready} testid="sign">
          Sign
        </Button>
        <Advice problem={problem} />
        <p class="quiet">This is a simple electronic signature: neither an advanced nor a qualified one.</p>
      </Form>
    </Card>
  );
};

/** The form to sign with, for a side that has not signed what is on the table. */
export const Sign = (props: SignProps) =>
  props.unsigned.length > 0 ? (
    <SignForm {...props} />
  ) : (
    <Card title="Signed by you">
      <p>It holds as soon as the other side has signed too.</p>
    </Card>
  );

/** Who has signed the version shown above, when, and what. */
export const Signatures = ({ it }: { readonly it: Contract }) => {
  if (it.status === "drafted") return null;
  const sides = [
    { side: "brand", who: it.brandName },
    { side: "influencer", who: it.influencerName },
  ] as const;
  return (
    <Card title="Signatures" aside={<span class="quiet">of version {it.version}</span>}>
      <ul class="signatures" data-testid="signatures">
        {sides.map(({ side, who }) => {
          const signed = it.signatures.find(({ by }) => by === side);
          return (
            <li key={side} data-side={side} data-signed={signed !== undefined}>
              <p class="quiet">For {who}</p>
              {signed ? (
                <>
                  <p class="signature">{signed.name}</p>
                  <p class="quiet">
                    <When at={signed.at} /> · <span class="mono">{signed.termsHash.slice(0, 12)}…</span>
                  </p>
                </>
              ) : (
                <p class="signature waiting">{it.proposal ? "not signed yet" : "not signed"}</p>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
};
