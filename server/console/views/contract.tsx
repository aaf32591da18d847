import type { Json } from "../../../shared/kit/canonical.ts";
import { completeContract } from "../../../shared/wire/brand.ts";
import { contractVersions } from "../../../shared/wire/contracts.ts";
import { contract } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { firstDayOf, hasBegun, lastDayOf, tabledAt } from "../kit/contract.ts";
import { day } from "../kit/figures.ts";
import { useHashCheck } from "../kit/hash.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { known, sidesOf } from "../kit/session.ts";
import { useSubmit } from "../kit/submit.ts";
import type { Contract, ContractVersion } from "../kit/wire.ts";
import { statuses } from "../kit/words.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Refused } from "../parts/form.tsx";
import { HashMark } from "../parts/hash-mark.tsx";
import { Badge, Card, Head } from "../parts/small.tsx";
import { Failed, Shown } from "../parts/states.tsx";
import { Wording } from "../parts/wording.tsx";
import { Simulation } from "../terms/simulation.tsx";
import { Codes } from "./contract-codes.tsx";
import { Held } from "./contract-held.tsx";
import { History } from "./contract-history.tsx";
import { Links } from "./contract-links.tsx";
import { GiveNotice, Notice } from "./contract-notice.tsx";
import { Offer } from "./contract-offer.tsx";
import { SignedProof } from "./contract-proof.tsx";
import { Review } from "./contract-review.tsx";
import { Signatures } from "./contract-sign.tsx";
import { Table } from "./contract-table.tsx";
import { Versions } from "./contract-versions.tsx";
import { DisputeLink } from "./dispute-link.tsx";

interface PageProps {
  readonly it: Contract;
  readonly load: Loading<Contract>;
}

const Complete = ({ it, load }: PageProps) => {
  const complete = useSubmit(completeContract, load.put);
  return (
    <Card title="The last day is over">
      <p>Completing it closes the contract. Its statement and its links stay readable.</p>
      <Button
        busy={complete.busy.value}
        testid="complete"
        onPress={() => void complete.submit({ params: { contract: it.id }, body: {} })}
      >
        Complete
      </Button>
      {complete.problem.value && <Refused problem={complete.problem.value} />}
    </Card>
  );
};

const AsData = ({ it }: { readonly it: Contract }) => (
  <details class="card">
    <summary>The terms as data, which is what is signed and paid from</summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
    <section class="scroller" tabIndex={0} aria-label="Terms as JSON">
      <pre data-testid="terms-json-read">{JSON.stringify(it.terms, null, 2)}</pre>
    </section>
  </details>
);

/**
 * The terms that hold, or that are drafted or were never signed by both. What is on the table stands in a card of its own,
 * and what holds is folded up beneath it.
 */
const TermsCard = ({ it, folded }: { readonly it: Contract; readonly folded: boolean }) => {
  const check = useHashCheck(it.terms, it.termsHash);
  const title = hasBegun(it) && it.version > 1 ? `Terms signed last, version ${it.version}` : "Terms";
  const body = (
    <>
      <Wording text={it.text} />
      <HashMark termsHash={it.termsHash} check={check} />
    </>
  );
  if (!folded) return <Card title={title}>{body}</Card>;
  return (
    <details class="card">
      <summary>{title === "Terms" ? "The terms as they hold now" : title}</summary>
      {body}
    </details>
  );
};

/** The terms in force now: an amendment that both have signed may still have to wait for its day. */
const termsNow = (it: Contract, versions: readonly ContractVersion[]): Contract["terms"] => {
  const now = Date.now();
  const held = versions.find(({ inForce }) => inForce !== null && inForce.from <= now && now < inForce.until);
  return (held ?? it).terms;
};

/** What both sides may do while it runs. */
const Changes = ({ it, load, versions }: PageProps & { readonly versions: readonly ContractVersion[] }) => {
  if (it.status !== "running") return null;
  const mayAmend = !it.notice && !tabledAt(it, Date.now());
  return (
    <Card title="Change or end it">
      <p class="quiet">
        New terms hold from a coming day on, once both have signed them. Either side may end it by notice.
      </p>
      <div class="actions">
        {mayAmend && (
          <LinkButton href={`/contracts/${it.id}/amend`} testid="amend">
            Propose an amendment
          </LinkButton>
        )}
        <GiveNotice it={it} terms={termsNow(it, versions)} onDone={load.put} />
        <DisputeLink contract={it.id} />
      </div>
    </Card>
  );
};

/** All versions there have been; what happens to the contract makes them others. */
const useVersions = (it: Contract) => {
  const key = `versions ${it.id} ${it.history.length} ${it.proposal?.version} ${it.proposal?.signedBy.length}`;
  return useLoad(key, () => ask(contractVersions, { params: { contract: it.id } }));
};

const versionsOf = ({ now: { value } }: ReturnType<typeof useVersions>): readonly ContractVersion[] =>
  value.state === "here" ? value.value.versions : [];

const Under = ({ it }: { readonly it: Contract }) => (
  <>
    <Badge word={statuses[it.status]} testid="contract-status" /> {it.campaignName} · {day(firstDayOf(it))} –{" "}
    {day(lastDayOf(it))} · version {it.version}
  </>
);

const Page = ({ it, load }: PageProps) => {
  const sides = sidesOf(it, known());
  const all = useVersions(it);
  const versions = versionsOf(all);
  const started = hasBegun(it);
  const over = it.status === "running" && it.overAt !== null && it.overAt <= Date.now();
  const tabled = tabledAt(it, Date.now());
  return (
    <>
      <Head
        over={<a href="/contracts">Contracts</a>}
        title={sides.brand ? it.influencerName : it.brandName}
        under={<Under it={it} />}
      >
        {started && (
          <LinkButton href={`/contracts/${it.id}/statement`} kind="primary" testid="to-statement">
            Statement
          </LinkButton>
        )}
      </Head>
      {sides.brand && it.status === "drafted" && <Offer it={it} onOffered={load.put} />}
      <Notice it={it} onDone={load.put} />
      <Review it={it} onDone={load.put} />
      {sides.brand && over && <Complete it={it} load={load} />}
      <Table it={it} versions={versions} load={load} />
      {(started || !tabled) && <TermsCard it={it} folded={tabled !== null} />}
      {(tabled || it.status === "drafted") && <Simulation draft={(tabled ?? it).terms as unknown as Json} />}
      <AsData it={it} />
      <Signatures it={it} />
      {started && <SignedProof it={it} />}
      {started && <Links it={it} mayGrab={sides.influencer && it.status === "running"} />}
      {sides.brand && started && <Codes it={it} />}
      {sides.brand && started && <Held it={it} />}
      <Changes it={it} load={load} versions={versions} />
      {all.now.value.state === "refused" ? (
        <Failed problem={all.now.value.problem} again={all.again} />
      ) : (
        <Versions it={it} versions={versions} />
      )}
      <History it={it} />
    </>
  );
};

/** One contract: what it says, what is on the table, who has signed it, and what can be done next. */
export const ContractView = ({ params }: ViewProps) => {
  const id = params.contract ?? "";
  const load = useLoad(`contract ${id}`, () => ask(contract, { params: { contract: id } }));
  return (
    <Shown of={load} lines={10} page>
      {(it) => <Page it={it} load={load} />}
    </Shown>
  );
};
