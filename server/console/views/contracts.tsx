import { contracts } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { firstDayOf, hasBegun, lastDayOf, proposalTitle, tabledAt, unsignedOf } from "../kit/contract.ts";
import { day } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { known, ownsABrand, sidesOf } from "../kit/session.ts";
import type { Contract } from "../kit/wire.ts";
import { statuses, type Word } from "../kit/words.ts";
import { LinkButton } from "../parts/button.tsx";
import { Left } from "../parts/left.tsx";
import { Badge, Head } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";

const waiting = { title: "Waits for your signature", tone: "warn", says: "Read it, and sign if you agree." } as const;
const ending = { title: "Ends early", tone: "warn", says: "Notice has been given." } as const;
const review = { title: "Review due", tone: "warn", says: "The yearly review waits to be held." } as const;

/** What somebody should know of a contract before they open it, beyond where it is in its life. */
const notes = (it: Contract, now: number): readonly Word[] => {
  const running = it.status === "running";
  return [
    ...(unsignedOf(it, known(), now).length > 0 ? [waiting] : []),
    ...(running && it.notice ? [ending] : []),
    ...(running && it.review.due ? [review] : []),
  ];
};

const Expiry = ({ it, now }: { readonly it: Contract; readonly now: number }) => {
  const proposal = tabledAt(it, now);
  if (!proposal || proposal.expiresAt === null) return null;
  return (
    <>
      {` · ${proposalTitle(it, proposal).toLowerCase()} expires `}
      <Left until={proposal.expiresAt} over="now" />
    </>
  );
};

const Row = ({ it, other }: { readonly it: Contract; readonly other: string }) => {
  const now = Date.now();
  return (
    <li class="row-link" data-testid="contract-row" data-contract={it.id} data-status={it.status}>
      <div>
        <a class="row-title" href={`/contracts/${it.id}`}>
          {other}
        </a>{" "}
        <span class="badges inline">
          <Badge word={statuses[it.status]} />
          {notes(it, now).map((word) => (
            <Badge key={word.title} word={word} />
          ))}
        </span>
        <p class="quiet">
          {it.campaignName} · {day(firstDayOf(it))} – {day(lastDayOf(it))}
          <Expiry it={it} now={now} />
        </p>
      </div>
      {hasBegun(it) && <a href={`/contracts/${it.id}/statement`}>Statement</a>}
    </li>
  );
};

interface ListProps {
  readonly title: string | null;
  readonly rows: readonly Contract[];
  readonly otherOf: (it: Contract) => string;
}

const List = ({ title, rows, otherOf }: ListProps) => (
  <>
    {title && <h2>{title}</h2>}
    <ul class="rows card" data-testid="contracts">
      {rows.map((it) => (
        <Row key={it.id} it={it} other={otherOf(it)} />
      ))}
    </ul>
  </>
);

/** The contracts of whoever looks: those they pay, those they earn by, or both. */
export const ContractsView = () => {
  const load = useLoad("contracts", () => ask(contracts, { query: {} }));
  const me = known();
  const owner = ownsABrand(me);
  return (
    <>
      <Head
        title="Contracts"
        under={owner ? "What was promised to whom." : "What you promised, and what you are paid."}
      >
        {owner && (
          <LinkButton kind="primary" href="/contracts/new" testid="new-contract">
            Draft a contract
          </LinkButton>
        )}
      </Head>
      <Shown of={load}>
        {({ contracts: all }) => {
          const earning = all.filter((it) => sidesOf(it, me).influencer);
          const paying = all.filter((it) => sidesOf(it, me).brand);
          const both = earning.length > 0 && paying.length > 0;
          return (
            <>
              {earning.length + paying.length === 0 && (
                <Empty title="No contract yet">
                  <p class="quiet">
                    {owner
                      ? "Draft one: say what counts and what is paid."
                      : "A contract appears here as soon as a brand offers you one."}
                  </p>
                </Empty>
              )}
              {earning.length > 0 && (
                <List title={both ? "You earn" : null} rows={earning} otherOf={({ brandName }) => brandName} />
              )}
              {paying.length > 0 && (
                <List title={both ? "You pay" : null} rows={paying} otherOf={({ influencerName }) => influencerName} />
              )}
            </>
          );
        }}
      </Shown>
    </>
  );
};
