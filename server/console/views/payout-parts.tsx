import type { ComponentChildren } from "preact";
import { day } from "../kit/figures.ts";
import type { Payout, PayoutLine, Waiting } from "../kit/wire.money.ts";
import { overdueWord, payoutStatuses, waitingBecause, waitingWords } from "../kit/words.money.ts";
import { Amount, Badge, Card } from "../parts/small.tsx";
import { Tabs } from "../parts/tabs.tsx";

const tabs = [
  { path: "/payouts", title: "Payouts" },
  { path: "/payouts/run", title: "Pay" },
  { path: "/payouts/deposits", title: "Deposit and tax" },
  { path: "/payouts/debts", title: "Debts" },
  { path: "/payouts/settings", title: "Settings" },
] as const;

/** The way between a brand's pages about payouts. */
export const PayoutTabs = ({ here }: { readonly here: (typeof tabs)[number]["path"] }) => (
  <Tabs what="Payouts" tabs={tabs} here={here} />
);

/** Where a payout is, in a word. */
export const PayoutBadge = ({ of }: { readonly of: Pick<Payout, "status" | "overdue"> }) => (
  <Badge word={of.overdue ? overdueWord : payoutStatuses[of.status]} testid="payout-status" />
);

/** What a payout pays, statement by statement. */
export const PayoutLines = ({
  lines,
  currency,
}: {
  readonly lines: readonly PayoutLine[];
  readonly currency: string;
}) => (
  <table class="table lines" aria-label="What this payout is made of">
    <tbody>
      {lines.map((line) => (
        <tr key={`${line.contract} ${line.period}`} data-testid="payout-line">
          <th scope="row">
            <a href={`/contracts/${line.contract}/statement`}>{line.campaignName}</a>
            <p class="quiet">
              {day(line.starts)} – {day(line.ends)}
              {line.amountMinor < 0 && " · paid too much before, taken out of this"}
            </p>
          </th>
          <td>
            <Amount minor={line.amountMinor} currency={currency} testid="payout-line-amount" />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

interface WaitsProps {
  readonly waiting: readonly Waiting[];
  /** Whom a line names: the influencer to the brand, the brand to the influencer. */
  readonly named: (it: Waiting) => string;
  readonly title?: ComponentChildren;
  readonly none?: ComponentChildren;
}

/** Money that waits, or is owed: whose, how much, and why. */
export const Waits = ({ waiting, named, title = "What waits, and why", none = "Nothing waits." }: WaitsProps) => (
  <Card title={title} testid="waiting">
    {waiting.length === 0 && <p class="quiet">{none}</p>}
    {waiting.length > 0 && (
      <ul class="plain-rows">
        {waiting.map((it) => (
          <li
            key={`${it.influencer} ${it.brand} ${it.rail} ${it.currency} ${it.code}`}
            class="wait-row"
            data-testid="waiting-row"
            data-code={it.code}
          >
            <div>
              <strong>{named(it)}</strong> <Badge word={waitingWords[it.code]} />
              <p class="quiet">{waitingBecause(it)}</p>
            </div>
            <Amount minor={it.amountMinor} currency={it.currency} />
          </li>
        ))}
      </ul>
    )}
  </Card>
);
