import { contracts } from "../../../shared/wire/influencer.ts";
import { deposits, payoutSettings } from "../../../shared/wire/payout-settings.ts";
import { type Answered, ask } from "../kit/ask.ts";
import { money } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import type { Deposit } from "../kit/wire.money.ts";
import type { Contract } from "../kit/wire.ts";
import { Amount, Card, Head } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { DepositMoves } from "./deposits-moves.tsx";
import { PayoutTabs } from "./payout-parts.tsx";

interface DepositsRead {
  readonly deposits: readonly Deposit[];
  readonly contracts: readonly Contract[];
  readonly prefunded: boolean;
}

const nothing = (currency: string): Deposit => ({ currency, freeMinor: 0, reserved: [], feesMinor: 0, taxMinor: 0 });

const readAll = async (): Promise<Answered<DepositsRead>> => {
  const [held, deals, settings] = await Promise.all([
    ask(deposits),
    ask(contracts, { query: {} }),
    ask(payoutSettings),
  ]);
  if (!held.ok) return held;
  if (!deals.ok) return deals;
  if (!settings.ok) return settings;
  const { prefunded } = settings.value;
  const known = new Map(held.value.deposits.map((it) => [it.currency, it]));
  // A deposit may come in before any money moved in a currency the contracts are in.
  if (prefunded)
    for (const { terms } of deals.value.contracts)
      if (!known.has(terms.currency)) known.set(terms.currency, nothing(terms.currency));
  const all = [...known.values()].filter(
    (it) => prefunded || it.taxMinor > 0 || it.freeMinor > 0 || it.reserved.length > 0,
  );
  return { ok: true, value: { deposits: all, contracts: deals.value.contracts, prefunded } };
};

const contractName = (all: readonly Contract[], id: string): string => {
  const found = all.find((it) => it.id === id);
  return found ? `${found.influencerName} · ${found.campaignName}` : id;
};

const Figures = ({ it, prefunded }: { readonly it: Deposit; readonly prefunded: boolean }) => {
  const aside = it.reserved.reduce((sum, { reservedMinor }) => sum + reservedMinor, 0);
  const figures = [
    ...(prefunded || it.freeMinor > 0 ? ([["Free", it.freeMinor, "free"]] as const) : []),
    ...(prefunded || aside > 0 ? ([["Set aside", aside, "aside"]] as const) : []),
    ["Tax kept back, not sent on yet", it.taxMinor, "tax"] as const,
    ...(it.feesMinor > 0 ? ([["Platform fees taken", it.feesMinor, "fees"]] as const) : []),
  ];
  return (
    <dl class="figures">
      {figures.map(([title, minor, name]) => (
        <div key={name} class="figure">
          <dt>{title}</dt>
          <dd>
            <Amount minor={minor} currency={it.currency} testid={`deposit-${name}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
};

const Reserved = ({ it, contracts: all }: { readonly it: Deposit; readonly contracts: readonly Contract[] }) =>
  it.reserved.length === 0 ? null : (
    <table class="table" data-testid="reserved" aria-label="Set aside for contracts">
      <thead>
        <tr>
          <th scope="col">Contract</th>
          <th scope="col">Set aside</th>
          <th scope="col">On its way</th>
          <th scope="col">Paid out of it</th>
        </tr>
      </thead>
      <tbody>
        {it.reserved.map(({ contract, reservedMinor, onTheWayMinor, spentMinor }) => (
          <tr key={contract} data-contract={contract}>
            <th scope="row">
              <a href={`/contracts/${contract}`}>{contractName(all, contract)}</a>
            </th>
            {(
              [
                ["Set aside", reservedMinor],
                ["On its way", onTheWayMinor],
                ["Paid out of it", spentMinor],
              ] as const
            ).map(([title, minor]) => (
              <td key={title} class="num" data-title={title}>
                {money(minor, it.currency)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );

/** A brand's money on deposit, what it is set aside for, and the tax that was kept back. */
export const DepositsView = () => {
  const load = useLoad("deposits", readAll);
  return (
    <>
      <Head title="Deposit and tax" under="Money that came in ahead of payouts, and tax kept back from them." />
      <PayoutTabs here="/payouts/deposits" />
      <Shown of={load} lines={6}>
        {({ deposits: all, contracts: deals, prefunded }) => (
          <>
            {!prefunded && (
              <p class="notice" data-testid="not-prefunded">
                You pay from your own account whenever you make a batch; nothing has to be on deposit.{" "}
                <a href="/payouts/settings">Pay out of a deposit instead</a>
              </p>
            )}
            {all.length === 0 && (
              <Empty title="Nothing is on deposit, and no tax is kept back">
                <p class="quiet">As soon as there is, it stands here by currency.</p>
              </Empty>
            )}
            {all.map((it) => (
              <Card key={it.currency} title={it.currency} testid="deposit">
                <Figures it={it} prefunded={prefunded} />
                <Reserved it={it} contracts={deals} />
                <DepositMoves
                  it={it}
                  prefunded={prefunded}
                  contracts={deals.filter(
                    ({ terms, versions }) => terms.currency === it.currency && versions.length > 0,
                  )}
                  again={load.again}
                />
              </Card>
            ))}
          </>
        )}
      </Shown>
    </>
  );
};
