import type { Json } from "../../../shared/kit/canonical.ts";
import { completeContract, offerContract } from "../../../shared/wire/brand.ts";
import { contract } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { day } from "../kit/figures.ts";
import { useHashCheck } from "../kit/hash.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { known, sidesOf } from "../kit/session.ts";
import { useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { statuses } from "../kit/words.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Refused } from "../parts/form.tsx";
import { HashMark } from "../parts/hash-mark.tsx";
import { Badge, Card, Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Wording } from "../parts/wording.tsx";
import { Simulation } from "../terms/simulation.tsx";
import { Codes } from "./contract-codes.tsx";
import { Links } from "./contract-links.tsx";
import { Sign, Signatures } from "./contract-sign.tsx";

type Loaded = Loading<Contract>;

const Offer = ({ it, load }: { readonly it: Contract; readonly load: Loaded }) => {
  const offer = useSubmit(offerContract, load.put);
  return (
    <Card title="This is a draft" class="accented">
      <p>
        Only you see it. Once offered, its terms cannot change any more; it runs when {it.influencerName} and you have
        both signed.
      </p>
      <div class="actions">
        <Button
          kind="primary"
          busy={offer.busy.value}
          testid="offer"
          onPress={() => void offer.submit({ params: { contract: it.id }, body: {} })}
        >
          Offer to {it.influencerName}
        </Button>
        <LinkButton href={`/contracts/new?contract=${it.id}`} testid="edit-draft">
          Edit the draft
        </LinkButton>
      </div>
      {offer.problem.value && <Refused problem={offer.problem.value} />}
    </Card>
  );
};

const Complete = ({ it, load }: { readonly it: Contract; readonly load: Loaded }) => {
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

const Terms = ({ it }: { readonly it: Contract }) => (
  <details class="card">
    <summary>The terms as data, which is what is signed and paid from</summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
    <section class="scroller" tabIndex={0} aria-label="Terms as JSON">
      <pre data-testid="terms-json-read">{JSON.stringify(it.terms, null, 2)}</pre>
    </section>
  </details>
);

const Page = ({ it, load }: { readonly it: Contract; readonly load: Loaded }) => {
  const sides = sidesOf(it, known());
  const check = useHashCheck(it.terms, it.termsHash);
  const started = it.versions.length > 0;
  const over = it.status === "running" && it.overAt !== null && it.overAt <= Date.now();
  return (
    <>
      <Head
        over={<a href="/contracts">Contracts</a>}
        title={sides.brand ? it.influencerName : it.brandName}
        under={
          <>
            <Badge word={statuses[it.status]} testid="contract-status" /> {it.campaignName} · {day(it.terms.starts)} –{" "}
            {day(it.terms.ends)} · version {it.version}
          </>
        }
      >
        {started && (
          <LinkButton href={`/contracts/${it.id}/statement`} kind="primary" testid="to-statement">
            Statement
          </LinkButton>
        )}
      </Head>
      {sides.brand && it.status === "drafted" && <Offer it={it} load={load} />}
      {sides.brand && over && <Complete it={it} load={load} />}
      <Card title="Terms">
        <Wording text={it.text} />
        <HashMark termsHash={it.termsHash} check={check} />
      </Card>
      <Terms it={it} />
      {!started && <Simulation draft={it.terms as unknown as Json} />}
      <Sign it={it} sides={sides} check={check} onSigned={load.put} />
      <Signatures it={it} />
      {started && <Links it={it} mayGrab={sides.influencer && it.status === "running"} />}
      {sides.brand && started && <Codes it={it} />}
    </>
  );
};

/** One contract: what it says, who has signed it, and what can be done next. */
export const ContractView = ({ params }: ViewProps) => {
  const id = params.contract ?? "";
  const load = useLoad(`contract ${id}`, () => ask(contract, { params: { contract: id } }));
  return (
    <Shown of={load} lines={10}>
      {(it) => <Page it={it} load={load} />}
    </Shown>
  );
};
