import { useSignal } from "@preact/signals";
import { payoutSettings, sayPayoutSettings } from "../../../shared/wire/payout-settings.ts";
import { ask } from "../kit/ask.ts";
import { locale, percent } from "../kit/figures.ts";
import { bare, checkIban } from "../kit/iban.ts";
import { useLoad } from "../kit/load.ts";
import { placed } from "../kit/plain.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Settings } from "../kit/wire.money.ts";
import { Button } from "../parts/button.tsx";
import { TextBox, Tick } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { hundredths, percentText } from "../terms/amount.ts";
import { IbanBox } from "./payout-account.tsx";
import { PayoutTabs } from "./payout-parts.tsx";
import { Withholding } from "./payout-withholding.tsx";

interface SettingsProps {
  readonly of: Settings;
  readonly put: (of: Settings) => void;
}

const places = { "bad-iban": "/payer/iban", "not-sepa": "/payer/iban", "bad-name": "/payer/name" } as const;

const Payer = ({ of, put }: SettingsProps) => {
  const name = useSignal("");
  const iban = useSignal("");
  const asked = useSignal(false);
  const form = useSubmit(sayPayoutSettings, (said) => {
    name.value = "";
    iban.value = "";
    asked.value = false;
    put(said);
  });
  const problem = placed(form.problem.value, places);
  const submit = (): void => {
    asked.value = true;
    if (name.value.trim() === "" || checkIban(iban.value).state !== "good") return;
    void form.submit({ body: { payer: { name: name.value.trim(), iban: bare(iban.value) } } });
  };
  return (
    <Card title="The account you pay from">
      <p data-testid="payer">
        {of.payer ? (
          <>
            {of.payer.name}, <span class="mono">{of.payer.account}</span>
          </>
        ) : (
          "You have not said from which account you pay. Bank files need it; paying by hand does not."
        )}
      </p>
      <Form onSubmit={submit} problem={problem} fields={["/payer/name", "/payer/iban"]} testid="payer-form">
        <TextBox
          label="Account holder"
          hint="As your bank knows the name."
          maxLength={70}
          value={name.value}
          onInput={(text) => (name.value = text)}
          problem={asked.value && name.value.trim() === "" ? "Fill this in." : saidOf(problem, "/payer/name")}
          testid="payer-name"
        />
        <IbanBox
          value={iban.value}
          onInput={(text) => (iban.value = text)}
          asked={asked.value}
          problem={saidOf(problem, "/payer/iban")}
          testid="payer-iban"
        />
        <Button kind={of.payer ? "plain" : "primary"} busy={form.busy.value} testid="save-payer">
          {of.payer ? "Pay from this account instead" : "Pay from this account"}
        </Button>
      </Form>
    </Card>
  );
};

const MOST_FEE_BP = 5_000;

const feeFault = (bp: number | null, text: string): string | undefined => {
  if (bp === null) return text.trim() === "" ? undefined : "Write a percentage with at most two decimals, such as 2.5.";
  return bp > MOST_FEE_BP ? "At most half." : undefined;
};

const Prefunding = ({ of, put }: SettingsProps) => {
  const prefunded = useSignal(of.prefunded);
  const fee = useSignal(of.platformFeeBp === 0 ? "" : percentText(of.platformFeeBp));
  const saved = useSignal(false);
  const form = useSubmit(sayPayoutSettings, (said) => {
    saved.value = true;
    put(said);
  });
  const bp = prefunded.value && fee.value.trim() !== "" ? hundredths(fee.value, locale()) : 0;
  const fault = feeFault(bp, fee.value);
  const submit = (): void => {
    if (bp === null || fault) return;
    void form.submit({ body: { prefunded: prefunded.value, platformFeeBp: bp } });
  };
  return (
    <Card title="Paying out of a deposit">
      <Form onSubmit={submit} problem={form.problem.value} fields={["/platformFeeBp"]} testid="prefunding-form">
        <Tick
          label="Pay only what was put on deposit before"
          hint="Money comes in first and is set aside for each contract. What is not covered waits, and both sides see why."
          checked={prefunded.value}
          onTick={(on) => {
            saved.value = false;
            prefunded.value = on;
          }}
          testid="prefunded"
        />
        {prefunded.value && (
          <TextBox
            label="Platform fee, in percent of each payout (optional)"
            hint="Taken out of the deposit on top of what is paid. Influencers do not see it, and get no less."
            inputMode="decimal"
            value={fee.value}
            onInput={(text) => {
              saved.value = false;
              fee.value = text;
            }}
            problem={fault ?? saidOf(form.problem.value, "/platformFeeBp")}
            testid="fee"
          />
        )}
        <Button busy={form.busy.value} testid="save-prefunding">
          Save
        </Button>
        {saved.value && (
          <p class="notice good" role="status" data-testid="prefunding-saved">
            {of.prefunded
              ? `Saved: paid out of a deposit${of.platformFeeBp > 0 ? `, with a fee of ${percent(of.platformFeeBp * 100)}` : ""}.`
              : "Saved: paid from your own account, whenever you make a batch."}
          </p>
        )}
      </Form>
    </Card>
  );
};

/** A brand's settings for payouts: from which account, whether out of a deposit, and how much tax is kept back of whom. */
export const PayoutSettingsView = () => {
  const load = useLoad("payout settings", () => ask(payoutSettings));
  return (
    <>
      <Head title="Payout settings" under="From which account, out of a deposit or not, and tax." />
      <PayoutTabs here="/payouts/settings" />
      <Shown of={load} lines={6}>
        {(of) => (
          <>
            <Payer of={of} put={load.put} />
            <Prefunding of={of} put={load.put} />
          </>
        )}
      </Shown>
      <Withholding />
    </>
  );
};
