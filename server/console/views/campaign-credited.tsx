import { money, results, whole } from "../kit/figures.ts";
import type { CampaignPage } from "../kit/wire.ts";
import { sentence, statuses } from "../kit/words.ts";
import { Moving } from "../parts/moving.tsx";
import { Badge, Card } from "../parts/small.tsx";
import { Stages, total } from "./campaign-money.tsx";

type Row = CampaignPage["credited"][number];

/** A statement says what is earned; what is merely expected stands beside it, so that both together are the sum above. */
const Expected = ({ of }: { readonly of: Row["money"] }) =>
  of.accruedMinor === 0 ? null : (
    <p class="hint" data-testid="credited-earned" data-minor={total(of) - of.accruedMinor}>
      {money(total(of) - of.accruedMinor, of.currency)} earned, {money(of.accruedMinor, of.currency)} expected
    </p>
  );

const Person = ({ row, kinds }: { readonly row: Row; readonly kinds: readonly string[] }) => (
  <tr data-testid="credited-row" data-contract={row.contract} data-influencer={row.influencer}>
    <th scope="row">
      <a href={`/contracts/${row.contract}`}>{row.name}</a> <Badge word={statuses[row.status]} />
    </th>
    <td data-title="Clicks">
      <Moving value={row.clicks} write={whole} testid="credited-clicks" />
    </td>
    {kinds.map((kind) => (
      <td key={kind} data-title={sentence(kind)}>
        <Moving value={row.creditedMicro[kind] ?? 0} write={results} testid={`credited-result-${kind}`} />
      </td>
    ))}
    <td class="credited-money" data-title="Money">
      <a href={`/contracts/${row.contract}/statement`}>
        <Moving value={total(row.money)} write={(minor) => money(minor, row.money.currency)} testid="credited-amount" />
      </a>
      <Stages of={row.money} legend={false} />
      <Expected of={row.money} />
    </td>
  </tr>
);

const House = ({ page, kinds }: { readonly page: CampaignPage; readonly kinds: readonly string[] }) => {
  const left = (kind: string): number =>
    (page.results[kind] ?? 0) * 1_000_000 - page.credited.reduce((sum, it) => sum + (it.creditedMicro[kind] ?? 0), 0);
  return (
    <tr class="quiet" data-testid="credited-house">
      <th scope="row">House</th>
      <td data-title="Clicks">–</td>
      {kinds.map((kind) => (
        <td key={kind} data-title={sentence(kind)}>
          <Moving value={Math.max(0, left(kind))} write={results} />
        </td>
      ))}
      <td data-title="Money">nobody is paid for it</td>
    </tr>
  );
};

/** Who is credited with how much of it, and what that earns them. A result several had a part in is split. */
export const Credited = ({ page }: { readonly page: CampaignPage }) => {
  const kinds = [
    ...new Set([...Object.keys(page.results), ...page.credited.flatMap((it) => Object.keys(it.creditedMicro))]),
  ];
  return (
    <Card
      title="Credited by influencer"
      aside={
        <span class="asides">
          <a href={`/campaigns/${page.campaign.id}/attribution`}>What if?</a>{" "}
          <a href={`/conversions?campaign=${page.campaign.id}`} data-testid="to-conversions">
            All conversions
          </a>
        </span>
      }
    >
      {page.credited.length === 0 && (
        <p class="quiet">
          No contract runs in this campaign yet. <a href={`/contracts/new?campaign=${page.campaign.id}`}>Draft one</a>.
        </p>
      )}
      {page.credited.length > 0 && (
        <table class="table" data-testid="credited" aria-label="Credited by influencer">
          <thead>
            <tr>
              <th scope="col">Influencer</th>
              <th scope="col">Clicks</th>
              {kinds.map((kind) => (
                <th key={kind} scope="col">
                  {sentence(kind)}
                </th>
              ))}
              <th scope="col">Money</th>
            </tr>
          </thead>
          <tbody>
            {page.credited.map((row) => (
              <Person key={row.contract} row={row} kinds={kinds} />
            ))}
            <House page={page} kinds={kinds} />
          </tbody>
        </table>
      )}
    </Card>
  );
};
