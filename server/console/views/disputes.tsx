import { disputes } from "../../../shared/wire/disputes.ts";
import { ask } from "../kit/ask.ts";
import { moment, money } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { known } from "../kit/session.ts";
import type { DisputeRow, Party } from "../kit/wire.money.ts";
import { disputeEndings, disputeItem, disputeReasons, disputeStatuses, nameOf } from "../kit/words.money.ts";
import { Countdown } from "../parts/countdown.tsx";
import { Amount, Badge, Head, When } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";

/** On which side of a dispute whoever looks stands. */
const sideOf = (row: DisputeRow): Party =>
  known()?.memberships.some((it) => it.role === "influencer" && it.influencer === row.influencer)
    ? "influencer"
    : "brand";

const yourMove = { title: "Your move", tone: "warn", says: "The deadline runs until you act." } as const;

const isMine = (row: DisputeRow): boolean => row.waitsFor === sideOf(row) || row.waitsFor === "both";

/** What the deadline brings if nobody moves, in words. */
const byDefault = (row: DisputeRow): string => {
  if (row.until === null || !row.ifSilent) return "";
  const winner = row.ifSilent.brandMinor > 0 ? "brand" : "influencer";
  return `If nobody moves by ${moment(row.until)}, all of it goes to ${nameOf(row, winner)}.`;
};

const Row = ({ row }: { readonly row: DisputeRow }) => (
  <li class="row-link dispute-row" data-testid="dispute-row" data-dispute={row.id} data-status={row.status}>
    <div>
      <a class="row-title" href={`/disputes/${row.id}`}>
        {nameOf(row, sideOf(row) === "brand" ? "influencer" : "brand")} · {disputeItem(row)}
      </a>{" "}
      <Badge word={isMine(row) ? yourMove : disputeStatuses[row.status]} />
      <p class="quiet">
        {disputeReasons[row.reason]} · {row.campaignName} · opened by {nameOf(row, row.opener)},{" "}
        <When at={row.openedAt} />
      </p>
      {row.outcome ? (
        <p>
          {disputeEndings[row.outcome.how]} {row.influencerName} gets {money(row.outcome.influencerMinor, row.currency)}
          .
        </p>
      ) : (
        <p data-testid="by-default">{byDefault(row)}</p>
      )}
    </div>
    <div class="dispute-sum">
      <Amount minor={row.amountMinor} currency={row.currency} testid="dispute-amount" />
      {row.until !== null && <Countdown until={row.until} />}
      {row.heldMinor > 0 && <span class="quiet">held</span>}
    </div>
  </li>
);

const Rows = ({
  title,
  rows,
  testid,
}: {
  readonly title: string;
  readonly rows: readonly DisputeRow[];
  readonly testid: string;
}) =>
  rows.length === 0 ? null : (
    <>
      <h2>{title}</h2>
      <ul class="rows card" data-testid={testid}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </>
  );

/** Whoever has to act first, then by deadline. */
const soonest = (a: DisputeRow, b: DisputeRow): number =>
  Number(isMine(b)) - Number(isMine(a)) || (a.until ?? 0) - (b.until ?? 0);

const Lists = ({ rows }: { readonly rows: readonly DisputeRow[] }) => {
  const open = rows.filter(({ status }) => status !== "resolved").sort(soonest);
  if (rows.length === 0)
    return (
      <Empty title="Nothing is disputed">
        <p class="quiet">
          If an amount looks wrong, open the result, the statement or the contract it belongs to and dispute it there.
          Only that amount is held; everything else is paid as usual.
        </p>
      </Empty>
    );
  return (
    <>
      <Rows title="Open" rows={open} testid="open-disputes" />
      <Rows title="Resolved" rows={rows.filter(({ status }) => status === "resolved")} testid="resolved-disputes" />
    </>
  );
};

/** What is disputed, of everything or of one contract: open ones first, each with its deadline and what it brings. */
export const DisputesView = ({ query }: ViewProps) => {
  const contract = query.get("contract") || undefined;
  const load = useLoad(`disputes ${contract ?? ""}`, () => ask(disputes, { query: { ...(contract && { contract }) } }));
  return (
    <>
      <Head
        over={contract && <a href={`/contracts/${contract}`}>Contract</a>}
        title={contract ? "Disputes of this contract" : "Disputes"}
        under="Amounts that one side says are wrong, who has to act, and what happens if nobody does."
      />
      <Shown of={load} lines={6}>
        {(shown) => <Lists rows={shown.disputes} />}
      </Shown>
    </>
  );
};
