import type { Party } from "../../../shared/contract/contract.ts";
import { wording } from "../../../shared/contract/wording.ts";
import { partiesOf, partyName, proposalTitle, tabledAt, unsignedOf } from "../kit/contract.ts";
import { day, moment } from "../kit/figures.ts";
import { useHashCheck } from "../kit/hash.ts";
import type { Loading } from "../kit/load.ts";
import { useNow } from "../kit/now.ts";
import { known } from "../kit/session.ts";
import type { Contract, ContractVersion, Proposal } from "../kit/wire.ts";
import { LinkButton } from "../parts/button.tsx";
import { Differences } from "../parts/differences.tsx";
import { HashMark } from "../parts/hash-mark.tsx";
import { Left } from "../parts/left.tsx";
import { Card, When } from "../parts/small.tsx";
import { Wording } from "../parts/wording.tsx";
import { Answer } from "./contract-answer.tsx";
import { Sign } from "./contract-sign.tsx";

type Versions = readonly ContractVersion[];

interface TableProps {
  readonly it: Contract;
  readonly proposal: Proposal;
  readonly versions: Versions;
  readonly load: Loading<Contract>;
}

/** What the terms on the table are to be compared with: what holds now, or else what they took the place of. */
const comparedWith = ({ it, proposal, versions }: TableProps) => {
  if (it.versions.length > 0) return { terms: it.terms, called: "what is signed now" };
  const before = versions.findLast(({ version }) => version < proposal.version);
  return before && { terms: before.terms, called: `version ${before.version}, which it took the place of` };
};

const Expiry = ({ proposal }: { readonly proposal: Proposal }) =>
  proposal.expiresAt === null ? null : (
    <p data-testid="expires" data-at={proposal.expiresAt}>
      It stands until {moment(proposal.expiresAt)}: <Left until={proposal.expiresAt} over="it has expired" />.
    </p>
  );

const SignedBy = ({ it, proposal }: { readonly it: Contract; readonly proposal: Proposal }) => {
  const said = (party: Party): string =>
    `${partyName(it, party)} ${proposal.signedBy.includes(party) ? "has signed it" : "has not signed it yet"}`;
  return (
    <p class="quiet" data-testid="signed-by">
      {said("brand")}; {said("influencer")}.
    </p>
  );
};

const Answers = ({ it, proposal, load }: TableProps) => {
  const mine = partiesOf(it, known());
  const runs = it.versions.length > 0;
  const what = proposalTitle(it, proposal).toLowerCase();
  const own = mine.includes(proposal.by);
  const mayDecline = mine.some((party) => party !== proposal.by && !proposal.signedBy.includes(party));
  const answer = { it, what, runs, onDone: load.put };
  return (
    <div class="actions">
      <LinkButton href={`/contracts/${it.id}/counter`} testid="counter">
        {own ? "Put other terms in its place" : "Make a counter-offer"}
      </LinkButton>
      {mayDecline && <Answer how="decline" {...answer} />}
      {own && <Answer how="withdraw" {...answer} />}
    </div>
  );
};

const Tabled = (props: TableProps) => {
  const { it, proposal, load } = props;
  const check = useHashCheck(proposal.terms, proposal.termsHash);
  const compared = comparedWith(props);
  const amends = it.versions.length > 0;
  const unsigned = unsignedOf(it, known(), Date.now());
  return (
    <>
      <Card
        testid="on-the-table"
        class="accented"
        title={`${proposalTitle(it, proposal)} by ${partyName(it, proposal.by)}`}
        aside={<span class="quiet">version {proposal.version}</span>}
      >
        <div class="stack">
          <p>
            On the table since <When at={proposal.proposedAt} />.
            {amends && ` It would hold from ${day(proposal.terms.starts)} on.`}
          </p>
          <Expiry proposal={proposal} />
          <SignedBy it={it} proposal={proposal} />
        </div>
        {compared && (
          <Differences before={wording(compared.terms)} after={wording(proposal.terms)} than={compared.called} />
        )}
        <h3>The whole text</h3>
        <Wording text={proposal.text} />
        <HashMark termsHash={proposal.termsHash} check={check} />
        <Answers {...props} />
      </Card>
      <Sign it={it} proposal={proposal} unsigned={unsigned} check={check} onSigned={load.put} />
    </>
  );
};

/** What is on the table: who put it there, until when, what differs, and what can be answered. */
export const Table = ({ it, versions, load }: Omit<TableProps, "proposal">) => {
  const now = useNow().value;
  if (!it.proposal) return null;
  const proposal = tabledAt(it, now);
  if (proposal) return <Tabled key={proposal.version} it={it} proposal={proposal} versions={versions} load={load} />;
  const title = proposalTitle(it, it.proposal);
  return (
    <Card title={`${title} by ${partyName(it, it.proposal.by)}`} testid="expired">
      <p>
        It has expired, so nobody can sign it any more.{" "}
        {it.versions.length > 0 ? "The contract goes on as it was signed." : "Draft another contract to offer it anew."}
      </p>
    </Card>
  );
};
