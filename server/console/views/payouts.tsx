import { payoutBatches, payouts } from "../../../shared/wire/payouts.ts";
import { ask } from "../kit/ask.ts";
import { useLoad } from "../kit/load.ts";
import { known, ownsABrand, promotes, sidesOf } from "../kit/session.ts";
import type { Payout, PayoutsPage } from "../kit/wire.money.ts";
import { railNames } from "../kit/words.money.ts";
import { LinkButton } from "../parts/button.tsx";
import { Amount, Badge, Head, When } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { PayoutBadge, PayoutTabs, Waits } from "./payout-parts.tsx";
import { MyPayouts } from "./payouts-mine.tsx";

const toMark: readonly Payout["status"][] = ["made", "sent"];

const Row = ({ it }: { readonly it: Payout }) => (
  <li class="row-link" data-testid="payout-row" data-payout={it.id} data-status={it.status}>
    <div>
      <a class="row-title" href={`/payouts/batches/${it.batch}`}>
        {it.influencerName}
      </a>{" "}
      <PayoutBadge of={it} />
      <p class="quiet">
        {railNames[it.rail]} · <When at={it.madeAt} />
        {it.reason && ` · ${it.reason}`}
        {it.proof && ` · proof: ${it.proof}`}
      </p>
    </div>
    <Amount minor={it.sentMinor} currency={it.currency} />
  </li>
);

const Rows = ({
  title,
  rows,
  testid,
}: {
  readonly title: string;
  readonly rows: readonly Payout[];
  readonly testid: string;
}) =>
  rows.length === 0 ? null : (
    <>
      <h2>{title}</h2>
      <ul class="rows card" data-testid={testid}>
        {rows.map((it) => (
          <Row key={it.id} it={it} />
        ))}
      </ul>
    </>
  );

const Batches = () => {
  const load = useLoad("batches", () => ask(payoutBatches));
  return (
    <>
      <h2>Batches</h2>
      <Shown of={load} lines={3}>
        {({ batches }) =>
          batches.length === 0 ? (
            <p class="quiet">None has been made yet.</p>
          ) : (
            <ul class="rows card" data-testid="batches">
              {batches.map((it) => {
                const left = it.payouts.filter(({ status }) => toMark.includes(status)).length;
                return (
                  <li key={it.id} class="row-link" data-testid="batch-row" data-batch={it.id}>
                    <div>
                      <a class="row-title" href={`/payouts/batches/${it.id}`}>
                        Run {it.key}
                      </a>{" "}
                      <Badge
                        word={
                          left === 0
                            ? { title: "Done", tone: "good", says: "Of every payout it is known what became of it." }
                            : { title: `${left} to mark`, tone: "warn", says: "Say of each whether it was paid." }
                        }
                      />
                      <p class="quiet">
                        {railNames[it.rail]} · {it.payouts.length === 1 ? "1 payout" : `${it.payouts.length} payouts`} ·{" "}
                        <When at={it.madeAt} />
                      </p>
                    </div>
                    <Amount minor={it.sentMinor} currency={it.currency} />
                  </li>
                );
              })}
            </ul>
          )
        }
      </Shown>
    </>
  );
};

const Paying = ({ page }: { readonly page: PayoutsPage }) => {
  const me = known();
  const own = page.payouts.filter((it) => sidesOf(it, me).brand);
  const waiting = page.waiting.filter((it) => sidesOf(it, me).brand);
  return (
    <>
      {own.length + waiting.length === 0 && (
        <Empty title="Nothing is on its way, and nothing waits">
          <p class="quiet">
            Money falls due when a statement closes and is approved. <a href="/payouts/run">See who can be paid now</a>
          </p>
        </Empty>
      )}
      <Rows
        title="On their way: say whether they arrived"
        rows={own.filter((it) => toMark.includes(it.status))}
        testid="payouts-open"
      />
      {waiting.length > 0 && <Waits waiting={waiting} named={(it) => it.influencerName} />}
      <Batches />
      <Rows title="Paid, or come back" rows={own.filter((it) => !toMark.includes(it.status))} testid="payouts-done" />
    </>
  );
};

/** What was paid, what waits and why: to those a person pays, and to the person themselves. */
export const PayoutsView = () => {
  const load = useLoad("payouts", () => ask(payouts));
  const me = known();
  const owner = ownsABrand(me);
  return (
    <>
      <Head
        title="Payouts"
        under={owner ? "Who is paid what, and who is not yet, and why." : "What you are paid, what waits, and why."}
      >
        {owner && (
          <LinkButton href="/payouts/run" kind="primary" testid="to-run">
            See who can be paid
          </LinkButton>
        )}
      </Head>
      {owner && <PayoutTabs here="/payouts" />}
      <Shown of={load} lines={8}>
        {(page) => (
          <>
            {owner && <Paying page={page} />}
            {owner && promotes(me) && <h2>You are paid</h2>}
            {promotes(me) && <MyPayouts page={page} />}
          </>
        )}
      </Shown>
    </>
  );
};
