import { useSignal } from "@preact/signals";
import { consents, consentVersion } from "../../../shared/contract/consent.ts";
import { sign } from "../../../shared/wire/influencer.ts";
import type { Problem } from "../kit/ask.ts";
import type { HashCheck } from "../kit/hash.ts";
import { prove } from "../kit/proof.ts";
import { known } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { TextBox, Tick } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, When } from "../parts/small.tsx";

interface SignProps {
  readonly it: Contract;
  readonly sides: { readonly brand: boolean; readonly influencer: boolean };
  readonly check: HashCheck;
  readonly onSigned: (it: Contract) => void;
}

/** Prove who is at the keyboard, then sign; whatever stands in the way is shown. */
const useSigning = ({ id, termsHash }: Contract, onSigned: SignProps["onSigned"]) => {
  const form = useSubmit(sign, onSigned);
  const doubt = useSignal<Problem | null>(null);
  const submit = async (name: string): Promise<void> => {
    const proved = await prove(`sign:${id}:${termsHash}`);
    doubt.value = proved.ok ? null : proved.refusal;
    if (!proved.ok) return;
    const { proof } = proved.value;
    await form.submit({ params: { contract: id }, body: { termsHash, name, agree: true, proof } });
  };
  return { submit, busy: form.busy.value, problem: doubt.value ?? form.problem.value };
};

const Consent = () => (
  <div class="quiet" data-testid="consent">
    {(consents[consentVersion] ?? []).map((paragraph) => (
      <p key={paragraph}>{paragraph}</p>
    ))}
  </div>
);

const SignForm = ({ it, check, onSigned }: Omit<SignProps, "sides">) => {
  const name = useSignal(known()?.name ?? "");
  const agree = useSignal(false);
  const { submit, busy, problem } = useSigning(it, onSigned);
  return (
    <Card title="Sign" class="accented">
      <Form onSubmit={() => void submit(name.value)} problem={problem} fields={["/name"]} testid="sign-form">
        <p>
          You sign exactly the terms above, under their hash <code>{it.termsHash.slice(0, 16)}…</code>. If they changed
          meanwhile, your signature is refused.
        </p>
        <TextBox
          label="Type your full name"
          autocomplete="name"
          maxLength={120}
          value={name.value}
          onInput={(text) => (name.value = text)}
          problem={saidOf(problem, "/name")}
          testid="sign-name"
        />
        <Consent />
        <Tick
          label="I have read all of this and agree to it."
          checked={agree.value}
          onTick={(it) => (agree.value = it)}
          testid="sign-agree"
        />
        <Button
          kind="primary"
          busy={busy}
          disabled={!agree.value || name.value.trim().length < 2 || check === "other"}
          testid="sign"
        >
          Sign
        </Button>
      </Form>
    </Card>
  );
};

/** The form to sign with, for a side that has not signed what is on offer. */
export const Sign = ({ it, sides, check, onSigned }: SignProps) => {
  if (it.status !== "offered") return null;
  const missing = (["brand", "influencer"] as const).filter(
    (side) => sides[side] && !it.signatures.some(({ by }) => by === side),
  );
  if (missing.length === 0)
    return (
      <Card title="Signed by you">
        <p>It runs as soon as the other side has signed too.</p>
      </Card>
    );
  return <SignForm it={it} check={check} onSigned={onSigned} />;
};

/** Who has signed, when, and what. */
export const Signatures = ({ it }: { readonly it: Contract }) => {
  if (it.status === "drafted") return null;
  const sides = [
    { side: "brand", who: it.brandName },
    { side: "influencer", who: it.influencerName },
  ] as const;
  return (
    <Card title="Signatures">
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
                <p class="signature waiting">not signed yet</p>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
};
