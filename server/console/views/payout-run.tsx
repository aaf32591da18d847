import { useSignal } from "@preact/signals";
import { contracts } from "../../../shared/wire/influencer.ts";
import { makePayoutBatch, payoutPlan } from "../../../shared/wire/payouts.ts";
import { ask } from "../kit/ask.ts";
import { money } from "../kit/figures.ts";
import { useGo } from "../kit/here.ts";
import { useLoad } from "../kit/load.ts";
import { go } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import { useSubmit } from "../kit/submit.ts";
import type { Payout, PayoutPlan } from "../kit/wire.money.ts";
import { railNames } from "../kit/words.money.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Choice } from "../parts/field.tsx";
import { Amount, Card, Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { PayoutLines, PayoutTabs, Waits } from "./payout-parts.tsx";

type Rail = Payout["rail"];
type Planned = PayoutPlan["payouts"][number];

/** What arrives: what is paid, less the tax kept back. */
const arriving = ({ payouts, totalMinor }: PayoutPlan): number =>
  totalMinor - payouts.reduce((sum, { taxMinor }) => sum + taxMinor, 0);

const people = (count: number): string => (count === 1 ? "1 person" : `${count} people`);

const next: Readonly<Record<Rail, string>> = {
  bank: "You then download a file for your bank. Until you hand it over there, no money moves.",
  manual: "You then download a list and pay each of them yourself. Makegood moves no money.",
};

const Make = ({ plan }: { readonly plan: PayoutPlan }) => {
  const sure = useSignal(false);
  const goOn = useGo();
  const form = useSubmit(makePayoutBatch, ({ id }) => goOn(`/payouts/batches/${id}`));
  const { rail, currency, key, payouts } = plan;
  return (
    <>
      <Button kind="primary" onPress={() => (sure.value = true)} testid="make-batch">
        Make the batch…
      </Button>
      <Confirm
        open={sure.value}
        title={`Pay ${people(payouts.length)}?`}
        label={form.busy.value ? "Making the batch…" : `Make the batch of ${money(arriving(plan), currency)}`}
        busy={form.busy.value}
        problem={form.problem.value}
        testid="make-batch"
        onClose={() => (sure.value = false)}
        onConfirm={() => void form.submit({ body: { rail, currency, key } })}
      >
        <p>
          <Amount minor={arriving(plan)} currency={currency} testid="confirm-total" /> to {people(payouts.length)}, as
          the run named {key}. {next[rail]}
        </p>
        <p class="quiet">The same run is never made twice, however often the button is pressed.</p>
      </Confirm>
    </>
  );
};

const Person = ({ it, currency }: { readonly it: Planned; readonly currency: string }) => (
  <li class="plan-row" data-testid="plan-row" data-influencer={it.influencer}>
    <details>
      <summary>
        <span class="payout-head">
          <strong>{it.influencerName}</strong>
          <Amount minor={it.amountMinor - it.taxMinor} currency={currency} />
        </span>
      </summary>
      <PayoutLines lines={it.lines} currency={currency} />
    </details>
    {(it.taxMinor > 0 || it.feeMinor > 0) && (
      <p class="quiet">
        {it.taxMinor > 0 &&
          `${money(it.taxMinor, currency)} of ${money(it.amountMinor, currency)} is kept back for tax. `}
        {it.feeMinor > 0 && `The platform’s fee of ${money(it.feeMinor, currency)} comes out of your deposit.`}
      </p>
    )}
  </li>
);

const Plan = ({ plan }: { readonly plan: PayoutPlan }) => {
  const { currency, payouts, batch, refused } = plan;
  return (
    <>
      {refused && (
        <p class="notice bad" data-testid="plan-refused">
          {refused} <a href="/payouts/settings">Payout settings</a>
        </p>
      )}
      {batch && (
        <p class="notice" data-testid="plan-made">
          This run’s batch has been made already. <a href={`/payouts/batches/${batch}`}>Open it</a>. What is listed here
          would be in the next run, under another name.
        </p>
      )}
      <Card title="Who is paid" testid="plan">
        <div class="sum">
          <Amount minor={arriving(plan)} currency={currency} testid="plan-total" />
          <p class="quiet">to {people(payouts.length)}</p>
        </div>
        {payouts.length === 0 && <p class="quiet">Nobody can be paid this way now. Below stands why.</p>}
        <ul class="plain-rows">
          {payouts.map((it) => (
            <Person key={it.influencer} it={it} currency={currency} />
          ))}
        </ul>
        {payouts.length > 0 && !batch && !refused && <Make plan={plan} />}
      </Card>
      <Waits waiting={plan.waiting} named={(it) => it.influencerName} title="Who is not, and why" />
    </>
  );
};

interface Asked {
  readonly rail: Rail;
  readonly currency: string;
  readonly key: string | undefined;
}

const hrefOf = ({ rail, currency, key }: Asked): string =>
  `/payouts/run?${new URLSearchParams({ rail, currency, ...(key !== undefined && { key }) })}`;

const Choices = ({ asked, currencies }: { readonly asked: Asked; readonly currencies: readonly string[] }) => (
  <div class="fields filters">
    <Choice
      label="How to pay"
      value={asked.rail}
      options={Object.entries(railNames).map(([value, label]) => ({ value, label }))}
      onPick={(rail) => go(hrefOf({ ...asked, rail: rail as Rail }))}
      testid="run-rail"
    />
    <Choice
      label="Currency"
      value={asked.currency}
      options={currencies.map((value) => ({ value, label: value }))}
      onPick={(currency) => go(hrefOf({ ...asked, currency }))}
      testid="run-currency"
    />
  </div>
);

const Run = ({ asked, currencies }: { readonly asked: Asked; readonly currencies: readonly string[] }) => {
  const { key, ...run } = asked;
  const load = useLoad(`plan ${JSON.stringify(asked)}`, () =>
    ask(payoutPlan, { query: { ...run, ...(key !== undefined && { key }) } }),
  );
  const made = load.now.value.state === "here" && load.now.value.value.batch !== null;
  return (
    <>
      <Choices asked={asked} currencies={currencies} />
      <Shown of={load} lines={8}>
        {(plan) => <Plan plan={plan} />}
      </Shown>
      {made && (
        <p>
          <LinkButton
            href={hrefOf({ ...asked, key: nextKey(load.now.value.state === "here" ? load.now.value.value.key : "") })}
            testid="next-run"
          >
            Plan another run today
          </LinkButton>
        </p>
      )}
    </>
  );
};

/** The name of the run after this one: `2026-11-22`, then `2026-11-22-2`, and so on. */
export const nextKey = (key: string): string => {
  const [, front = key, count] = /^(\d{4}-\d{2}-\d{2})(?:-(\d+))?$/.exec(key) ?? [];
  return `${front}-${Number(count ?? 1) + 1}`;
};

const railIn = (query: URLSearchParams): Rail => (query.get("rail") === "manual" ? "manual" : "bank");

/** What a run of payouts would pay now, whom it would not, and why; and the button that makes it. */
export const PayoutRunView = ({ query }: ViewProps) => {
  const load = useLoad("contracts", () => ask(contracts, { query: {} }));
  return (
    <>
      <Head title="Pay" under="Look first, then make the batch." />
      <PayoutTabs here="/payouts/run" />
      <Shown of={load} lines={3}>
        {(shown) => {
          // Nothing is ever paid by a contract that nobody has signed.
          const signed = shown.contracts.filter(({ versions }) => versions.length > 0);
          const used = [...new Set(signed.map(({ terms }) => terms.currency))].sort();
          const currency = query.get("currency") ?? used[0] ?? "EUR";
          const rail = query.has("rail") || currency === "EUR" ? railIn(query) : "manual";
          const asked = { rail, currency, key: query.get("key") ?? undefined };
          return <Run asked={asked} currencies={used.length === 0 ? [currency] : used} />;
        }}
      </Shown>
    </>
  );
};
