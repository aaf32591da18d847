import { useSignal } from "@preact/signals";
import { payoutBatch, payoutFile, settlePayout } from "../../../shared/wire/payouts.ts";
import { type Answered, ask } from "../kit/ask.ts";
import { useDeed } from "../kit/deed.ts";
import { money } from "../kit/figures.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { saidOf } from "../kit/submit.ts";
import type { Batch, Payout } from "../kit/wire.money.ts";
import { railFiles, railNames } from "../kit/words.money.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { TextBox } from "../parts/field.tsx";
import { ShareBar } from "../parts/sharebar.tsx";
import { Amount, Card, Head, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Marks } from "./payout-marks.tsx";
import { PayoutBadge, PayoutLines, PayoutTabs, Waits } from "./payout-parts.tsx";

const came = ["failed", "returned", "unclaimed"];

const Progress = ({ batch }: { readonly batch: Batch }) => {
  const { currency, payouts } = batch;
  const sumOf = (has: (it: Payout) => boolean): number =>
    payouts.filter(has).reduce((sum, { sentMinor }) => sum + sentMinor, 0);
  const parts = [
    { key: "settled", label: "Paid", tone: "good", minor: sumOf(({ status }) => status === "settled") },
    {
      key: "sent",
      label: "On its way",
      tone: "series-2",
      minor: sumOf(({ status }) => status === "sent" || status === "made"),
    },
    { key: "back", label: "Failed or came back", tone: "bad", minor: sumOf(({ status }) => came.includes(status)) },
  ];
  return (
    <ShareBar
      what="What became of it"
      parts={parts.map(({ minor, ...it }) => ({
        ...it,
        weight: minor,
        written: money(minor, currency),
        testid: `sum-${it.key}`,
        exact: minor,
      }))}
    />
  );
};

const steps: Readonly<Record<Batch["rail"], readonly string[]>> = {
  bank: [
    "Download the bank file: an ISO 20022 payment order (pain.001.001.09).",
    "Hand it over in your bank’s web app, and release it there. It is the same file whenever you download it; hand it over once.",
    "When your account shows the transfers, say so below. What the bank refuses or sends back, mark as such.",
  ],
  manual: [
    "Download the list: who is paid how much, where, and under which reference.",
    "Pay each of them with that reference, so that they know what it is for.",
    "Say of each below what proves that you paid it. What could not be paid, mark as failed.",
  ],
};

const File = ({ batch }: { readonly batch: Batch }) => {
  const { name, ending } = railFiles[batch.rail];
  return (
    <Card title="How to pay it" class="accented">
      <ol class="steps">
        {steps[batch.rail].map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <a
        class="button primary"
        href={payoutFile.path.replace(":batch", encodeURIComponent(batch.id))}
        download={`${batch.id}.${ending}`}
        data-testid="download"
      >
        Download the {name}
      </a>
    </Card>
  );
};

/** Mark all that are on their way as paid, one after another. What was marked stays so if one is refused; asking again goes on. */
const settleAll = async (
  open: readonly Payout[],
  reference: string,
  onEach: (count: number) => void,
): Promise<Answered<null>> => {
  for (const [index, { id }] of open.entries()) {
    onEach(index + 1);
    const answer = await ask(settlePayout, { params: { payout: id }, body: { reference } });
    if (!answer.ok) return answer;
  }
  return { ok: true, value: null };
};

const SettleAll = ({ batch, again }: { readonly batch: Batch; readonly again: () => void }) => {
  const sure = useSignal(false);
  const reference = useSignal("");
  const count = useSignal(0);
  const open = batch.payouts.filter(({ status }) => status === "sent");
  const deed = useDeed(
    () => settleAll(open, reference.value, (done) => (count.value = done)),
    () => {
      sure.value = false;
      again();
    },
  );
  if (open.length < 2) return null;
  const total = open.reduce((sum, { sentMinor }) => sum + sentMinor, 0);
  return (
    <>
      <Button small onPress={() => (sure.value = true)} testid="settle-all">
        All were paid…
      </Button>
      <Confirm
        open={sure.value}
        title={`All ${open.length} were paid?`}
        label={deed.busy.value ? `${count.value} of ${open.length}…` : `All ${open.length} were paid`}
        busy={deed.busy.value}
        problem={deed.problem.value}
        fields={["/reference"]}
        testid="settle-all"
        onClose={() => {
          sure.value = false;
          again();
        }}
        onConfirm={() => void deed.start()}
      >
        <p>Together {money(total, batch.currency)}. Each is marked as paid, with the same proof.</p>
        <TextBox
          label="What proves it"
          hint="The bank’s reference of the whole order. The influencers see it too."
          maxLength={500}
          value={reference.value}
          onInput={(text) => (reference.value = text)}
          problem={saidOf(deed.problem.value, "/reference")}
          testid="settle-all-reference"
        />
      </Confirm>
    </>
  );
};

const One = ({ it, onMarked }: { readonly it: Payout; readonly onMarked: (it: Payout) => void }) => (
  <li class="plan-row" data-testid="batch-payout" data-payout={it.id} data-status={it.status}>
    <details>
      <summary>
        <span class="payout-head">
          <span>
            <strong>{it.influencerName}</strong> <PayoutBadge of={it} />
          </span>
          <Amount minor={it.sentMinor} currency={it.currency} />
        </span>
      </summary>
      <PayoutLines lines={it.lines} currency={it.currency} />
    </details>
    <p class="quiet">
      Reference <span class="mono break">{it.reference}</span>
      {it.taxMinor > 0 &&
        ` · ${money(it.taxMinor, it.currency)} of ${money(it.amountMinor, it.currency)} kept back for tax`}
      {it.feeMinor ? ` · fee ${money(it.feeMinor, it.currency)} out of the deposit` : ""}
      {it.proof && ` · proof: ${it.proof}`}
      {it.reason && ` · ${it.reason}`}
    </p>
    <Marks key={it.status} it={it} onMarked={onMarked} />
  </li>
);

const Page = ({ batch, load }: { readonly batch: Batch; readonly load: Loading<Batch> }) => {
  const put = (marked: Payout): void =>
    load.put({ ...batch, payouts: batch.payouts.map((it) => (it.id === marked.id ? marked : it)) });
  const open = batch.payouts.some(({ status }) => status === "sent" || status === "made");
  return (
    <>
      <Head
        over={<a href="/payouts">Payouts</a>}
        title={`Run ${batch.key}`}
        under={
          <>
            {railNames[batch.rail]} · made <When at={batch.madeAt} />
          </>
        }
      >
        <Button onPress={load.again}>Refresh</Button>
      </Head>
      <PayoutTabs here="/payouts" />
      <Card>
        <div class="sum">
          <Amount minor={batch.sentMinor} currency={batch.currency} testid="batch-total" />
          {batch.totalMinor !== batch.sentMinor && (
            <p class="quiet">
              {money(batch.totalMinor, batch.currency)} less {money(batch.totalMinor - batch.sentMinor, batch.currency)}{" "}
              kept back for tax
            </p>
          )}
        </div>
        <Progress batch={batch} />
        {!batch.sent && (
          <p class="notice" data-testid="unsent">
            It is not known yet whether all of it was handed over. We ask again by ourselves, and never pay it a second
            time.
          </p>
        )}
      </Card>
      {open && <File batch={batch} />}
      <Card title="Who is paid" aside={<SettleAll batch={batch} again={load.again} />} testid="batch-payouts">
        <ul class="plain-rows">
          {batch.payouts.map((it) => (
            <One key={it.id} it={it} onMarked={put} />
          ))}
        </ul>
      </Card>
      {!open && (
        <p>
          <a
            href={payoutFile.path.replace(":batch", encodeURIComponent(batch.id))}
            download={`${batch.id}.${railFiles[batch.rail].ending}`}
          >
            Download the {railFiles[batch.rail].name} again
          </a>
        </p>
      )}
      {batch.waiting.length > 0 && (
        <Waits
          waiting={batch.waiting}
          named={(it) => it.influencerName}
          title="Who was left out when it was made, and why"
        />
      )}
    </>
  );
};

/** One batch: the file to pay it by, and what became of each payout. */
export const PayoutBatchView = ({ params }: ViewProps) => {
  const id = params.batch ?? "";
  const load = useLoad(`batch ${id}`, () => ask(payoutBatch, { params: { batch: id } }));
  return (
    <Shown of={load} lines={10} page>
      {(batch) => <Page batch={batch} load={load} />}
    </Shown>
  );
};
