import { useSignal } from "@preact/signals";
import { payoutDetails, sayPayoutDetails } from "../../../shared/wire/payout-settings.ts";
import { type Answered, ask, type Problem } from "../kit/ask.ts";
import { useDeed } from "../kit/deed.ts";
import { bare, checkIban } from "../kit/iban.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import { placed } from "../kit/plain.ts";
import { prove } from "../kit/proof.ts";
import { saidOf } from "../kit/submit.ts";
import type { Details } from "../kit/wire.money.ts";
import { railNames } from "../kit/words.money.ts";
import { Button } from "../parts/button.tsx";
import { Choice, TextArea, TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { IbanBox } from "./payout-account.tsx";
import { WherePaid } from "./payouts-mine.tsx";

type Rail = keyof typeof railNames;
interface Said {
  readonly details: Details[];
}

/** Where to be paid, as it is being typed. */
interface Draft {
  readonly rail: Rail;
  readonly influencer: string;
  readonly name: string;
  readonly iban: string;
  readonly bic: string;
  readonly country: string;
  readonly note: string;
}

const bankOf = ({ name, iban, bic, country }: Draft) => ({
  rail: "bank" as const,
  name: name.trim(),
  iban: bare(iban),
  ...(bic.trim() !== "" && { bic: bic.trim() }),
  country: country.trim() === "" ? bare(iban).slice(0, 2) : country.trim(),
});

/** Prove that it is you, then say where to be paid. */
const say = async (draft: Draft): Promise<Answered<Said>> => {
  const proved = await prove("payout-details");
  if (!proved.ok) return { ok: false, problem: proved.refusal };
  const { proof } = proved.value;
  const details = draft.rail === "bank" ? bankOf(draft) : { rail: "manual" as const, note: draft.note.trim() };
  return ask(sayPayoutDetails, {
    body: { details, proof, ...(draft.influencer !== "" && { influencer: draft.influencer }) },
  });
};

const places = {
  "bad-iban": "/details/iban",
  "not-sepa": "/details/iban",
  "bad-bic": "/details/bic",
  "bad-name": "/details/name",
} as const;

interface PartProps {
  readonly draft: Draft;
  readonly change: (more: Partial<Draft>) => void;
  readonly asked: boolean;
  readonly problem: Problem | null;
}

const empty = (asked: boolean, text: string): string | undefined =>
  asked && text.trim() === "" ? "Fill this in." : undefined;

const BankPart = ({ draft, change, asked, problem }: PartProps) => (
  <>
    <TextBox
      label="Account holder"
      hint="As your bank knows the name."
      autocomplete="name"
      maxLength={70}
      value={draft.name}
      onInput={(name) => change({ name })}
      problem={empty(asked, draft.name) ?? saidOf(problem, "/details/name")}
      testid="details-name"
    />
    <IbanBox
      value={draft.iban}
      onInput={(iban) => change({ iban })}
      asked={asked}
      problem={saidOf(problem, "/details/iban")}
      testid="details-iban"
    />
    <div class="fields two">
      <TextBox
        label="BIC (optional)"
        mono
        maxLength={20}
        value={draft.bic}
        onInput={(bic) => change({ bic })}
        problem={saidOf(problem, "/details/bic")}
        testid="details-bic"
      />
      <TextBox
        label="Country you live in"
        hint="Two letters. Left empty: the country of the account."
        maxLength={2}
        value={draft.country}
        onInput={(country) => change({ country })}
        problem={saidOf(problem, "/details/country")}
        testid="details-country"
      />
    </div>
  </>
);

const ManualPart = ({ draft, change, asked, problem }: PartProps) => (
  <TextArea
    label="How to pay you"
    hint="In words, for the person who pays by hand: a service and your name there, an account outside Europe. The brand reads it."
    maxLength={500}
    value={draft.note}
    onInput={(note) => change({ note })}
    problem={empty(asked, draft.note) ?? saidOf(problem, "/details/note")}
    testid="details-note"
  />
);

const Brands = ({
  details,
  draft,
  change,
}: Pick<PartProps, "draft" | "change"> & { readonly details: readonly Details[] }) =>
  details.length < 2 ? null : (
    <Choice
      label="Paid by"
      value={draft.influencer}
      options={[
        { value: "", label: "Every brand you work for" },
        ...details.map(({ influencer, brandName }) => ({ value: influencer, label: brandName })),
      ]}
      onPick={(influencer) => change({ influencer })}
      testid="details-brand"
    />
  );

const fields = ["/details/name", "/details/iban", "/details/bic", "/details/country", "/details/note"];

const whole = (draft: Draft): boolean =>
  draft.rail === "manual"
    ? draft.note.trim() !== ""
    : draft.name.trim() !== "" && checkIban(draft.iban).state === "good";

const Hold = ({ details }: { readonly details: readonly Details[] }) => (
  <p class="notice" data-testid="hold-explained">
    {details.some(({ rail }) => rail !== null)
      ? "A change makes payouts wait for 72 hours, and the brand is told. So if it was not you who changed it, there is time to say so."
      : "The first time, nothing waits. Later changes make payouts wait for 72 hours, so that nobody who gets at your account can take your money unnoticed."}
  </p>
);

const blank: Draft = { rail: "bank", influencer: "", name: "", iban: "", bic: "", country: "", note: "" };

const DetailsForm = ({ load, details }: { readonly load: Loading<Said>; readonly details: readonly Details[] }) => {
  const draft = useSignal<Draft>({ ...blank, rail: details.find(({ rail }) => rail !== null)?.rail ?? "bank" });
  const asked = useSignal(false);
  const saved = useSignal(false);
  const deed = useDeed(say, () => {
    saved.value = true;
    asked.value = false;
    draft.value = { ...blank, rail: draft.peek().rail };
    load.again();
  });
  const change = (more: Partial<Draft>): void => {
    saved.value = false;
    draft.value = { ...draft.peek(), ...more };
  };
  const submit = (): void => {
    asked.value = true;
    if (whole(draft.value)) void deed.start(draft.value);
  };
  const problem = placed(deed.problem.value, places);
  const part = { draft: draft.value, change, asked: asked.value, problem };
  return (
    <Card title={details.some(({ rail }) => rail !== null) ? "Change it" : "Say where"}>
      <Form onSubmit={submit} problem={problem} fields={fields} testid="details-form">
        <Brands details={details} draft={draft.value} change={change} />
        <Choice
          label="How"
          value={draft.value.rail}
          options={Object.entries(railNames).map(([value, label]) => ({ value, label }))}
          onPick={(rail) => change({ rail: rail as Rail })}
          testid="details-rail"
        />
        {draft.value.rail === "bank" ? <BankPart {...part} /> : <ManualPart {...part} />}
        <Hold details={details} />
        <Button kind="primary" busy={deed.busy.value} testid="save-details">
          {deed.busy.value ? "Confirm that it is you…" : "Save"}
        </Button>
        {saved.value && (
          <p class="notice good" role="status" data-testid="details-saved">
            Saved. Above stands what is shown of it.
          </p>
        )}
      </Form>
    </Card>
  );
};

/** Where an influencer is paid: what is known, and the form that changes it, once they have proved that it is them. */
export const PayoutDetailsView = () => {
  const load = useLoad("payout details", () => ask(payoutDetails));
  return (
    <>
      <Head
        over={<a href="/payouts">Payouts</a>}
        title="Where you are paid"
        under="Only the brand that pays you learns it. On screen an account shows no more than its end."
      />
      <Shown of={load} lines={6}>
        {({ details }) => (
          <>
            <WherePaid details={details} link={false} />
            <DetailsForm load={load} details={details} />
          </>
        )}
      </Shown>
    </>
  );
};
