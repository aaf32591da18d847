import { moment, percent } from "../kit/figures.ts";
import { known, sidesOf } from "../kit/session.ts";
import type { Debt, Details, Payout, PayoutsPage } from "../kit/wire.money.ts";
import { debtAges, payoutEvents, railNames } from "../kit/words.money.ts";
import { LinkButton } from "../parts/button.tsx";
import { Amount, Badge, Card, When } from "../parts/small.tsx";
import { PayoutBadge, PayoutLines, Waits } from "./payout-parts.tsx";

const heldWord = { title: "On hold", tone: "warn", says: "Changed less than 72 hours ago." } as const;

const Where = ({ it }: { readonly it: Details }) => (
  <li data-testid="details-row" data-brand={it.brand}>
    <strong>{it.brandName}</strong> {it.heldUntil !== null && it.heldUntil > Date.now() && <Badge word={heldWord} />}
    <p>
      {it.rail === null
        ? "You have not said where to be paid, so payouts wait."
        : `${railNames[it.rail]}: ${it.summary}`}
    </p>
    {it.heldUntil !== null && it.heldUntil > Date.now() && (
      <p class="quiet">
        Payouts wait until {moment(it.heldUntil)}, since this was changed. If it was not you, tell {it.brandName} at
        once.
      </p>
    )}
    {it.withholdBp > 0 && (
      <p class="quiet">
        {it.brandName} keeps {percent(it.withholdBp * 100)} of each payout back for tax.
      </p>
    )}
  </li>
);

/** Where somebody is paid, brand by brand, as far as it is shown. */
export const WherePaid = ({
  details,
  link = true,
}: {
  readonly details: readonly Details[];
  readonly link?: boolean;
}) => (
  <Card
    title={link ? "Where you are paid" : "As it stands"}
    aside={
      link && (
        <LinkButton href="/payouts/details" testid="to-details">
          {details.every(({ rail }) => rail === null) ? "Say where" : "Change"}
        </LinkButton>
      )
    }
    {...(details.some(({ rail }) => rail === null) && { class: "accented" })}
    testid="where-paid"
  >
    <ul class="plain-rows">
      {details.map((it) => (
        <Where key={it.influencer} it={it} />
      ))}
    </ul>
  </Card>
);

const Debts = ({ debts }: { readonly debts: readonly Debt[] }) => (
  <Card title="What you owe" testid="my-debts">
    <p class="quiet">
      More was paid to you than your results earned in the end, as after a refund. It is taken out of what you earn
      next.
    </p>
    <ul class="plain-rows">
      {debts.map((it) => (
        <li key={`${it.contract} ${it.currency} ${it.since}`} class="wait-row">
          <div>
            <a href={`/contracts/${it.contract}/statement`}>{it.brandName}</a>
            <p class="quiet">
              {debtAges[it.age]}, since <When at={it.since} />
            </p>
          </div>
          <Amount minor={it.amountMinor} currency={it.currency} />
        </li>
      ))}
    </ul>
  </Card>
);

const OnePayout = ({ it }: { readonly it: Payout }) => (
  <details class="card payout" data-testid="my-payout" data-status={it.status} open={it.status === "sent"}>
    <summary>
      <span class="payout-head">
        <span>
          {it.brandName} <PayoutBadge of={it} />
        </span>
        <Amount minor={it.sentMinor} currency={it.currency} />
      </span>
    </summary>
    <PayoutLines lines={it.lines} currency={it.currency} />
    {it.taxMinor > 0 && (
      <p class="wait-row">
        Kept back for tax <Amount minor={-it.taxMinor} currency={it.currency} />
      </p>
    )}
    <p class="quiet">
      {railNames[it.rail]}
      {it.reference && (
        <>
          {" "}
          · on your bank statement: <span class="mono break">{it.reference}</span>
        </>
      )}
      {it.proof && ` · proof: ${it.proof}`}
      {it.reason && ` · ${it.reason}`}
    </p>
    <ol class="history">
      {it.events.map((event) => (
        <li key={`${event.at} ${event.what}`}>
          <span class="quiet">
            <When at={event.at} />
          </span>
          <span>{payoutEvents[event.what] ?? event.what}</span>
        </li>
      ))}
    </ol>
  </details>
);

/** An influencer's payouts, line by line, what waits and why, and where they are paid. */
export const MyPayouts = ({ page }: { readonly page: PayoutsPage }) => {
  const me = known();
  const mine = <It extends { readonly brand: string; readonly influencer: string }>(
    all: readonly It[],
  ): readonly It[] => all.filter((it) => sidesOf(it, me).influencer);
  const payouts = mine(page.payouts);
  const debts = mine(page.debts);
  return (
    <>
      <WherePaid details={mine(page.details)} />
      <Waits
        waiting={mine(page.waiting)}
        named={(it) => it.brandName}
        none="Nothing holds anything back. What your statements say is due is paid with the brand’s next run."
      />
      {debts.length > 0 && <Debts debts={debts} />}
      {payouts.length === 0 && (
        <Card title="Payouts">
          <p class="quiet">None yet. What your statements owe is paid once they are closed and approved.</p>
        </Card>
      )}
      {payouts.map((it) => (
        <OnePayout key={it.id} it={it} />
      ))}
    </>
  );
};
