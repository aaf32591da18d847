import { checkAmendment, nextAmendmentDay } from "../../../shared/contract/amendment.ts";
import type { SignedVersion } from "../../../shared/contract/contract.ts";
import { readTerms } from "../../../shared/contract/sense.ts";
import type { Terms } from "../../../shared/contract/terms.ts";
import { wording } from "../../../shared/contract/wording.ts";
import { canonical, type Json } from "../../../shared/kit/canonical.ts";
import { periodsOf } from "../../../shared/kit/time.ts";
import { amendContract, counterContract } from "../../../shared/wire/contracts.ts";
import { contract } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { partiesOf, partyName, proposalTitle, tabledAt } from "../kit/contract.ts";
import { letGoDraft } from "../kit/draft.ts";
import { day } from "../kit/figures.ts";
import { useGo } from "../kit/here.ts";
import { useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { known } from "../kit/session.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract } from "../kit/wire.ts";
import { Card, Head } from "../parts/small.tsx";
import { StandingDays, useStandingDays } from "../parts/standing-days.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { ChoicePlace, TextPlace } from "../terms/places.tsx";
import { useWriter, Writer } from "../terms/writer.tsx";

const asJson = (terms: Terms): Json => terms as unknown as Json;

/** The version signed last, as the rules of amending want to know it. */
const signedLast = ({ version, terms, termsHash }: Contract): SignedVersion => ({
  version,
  terms,
  termsHash,
  startedAt: 0,
  wording: "",
});

/** The days on which an amendment may take effect: the first days of periods to come. A flight has none but what is chosen. */
const daysToCome = ({ starts, ends, period, timeZone }: Terms, next: string): readonly string[] =>
  period === "flight"
    ? []
    : periodsOf(starts, ends, period, timeZone)
        .map((it) => it.starts)
        .filter((it) => it >= next);

const FromWhen = ({ it, next }: { readonly it: Contract; readonly next: string }) => {
  const days = daysToCome(it.terms, next);
  return (
    <Card title="From which day">
      <p class="quiet">
        Until then everything stays as it was signed, and what happened before is paid by it. The next possible day is{" "}
        {day(next)}.
      </p>
      {days.length > 0 ? (
        <ChoicePlace
          path={["starts"]}
          label="Holds from"
          options={days.map((value) => ({ value, label: day(value) }))}
        />
      ) : (
        <TextPlace path={["starts"]} label="Holds from" type="date" />
      )}
    </Card>
  );
};

/** Why a draft that holds by itself may not follow what was signed. */
const notToFollow = (it: Contract, draft: Json): string | undefined => {
  if (it.versions.length === 0) return undefined;
  const read = readTerms(draft);
  if (!read.ok) return undefined;
  const may = checkAmendment(signedLast(it), read.terms, Date.now());
  return may.ok ? undefined : may.refusal.because;
};

interface ProposingProps {
  readonly it: Contract;
  readonly how: "counter" | "amend";
  /** What is written from, and what that is called. */
  readonly base: Terms;
  readonly called: string;
  readonly initial: Json;
  readonly next: string | undefined;
}

const useProposing = ({ it, how }: ProposingProps, name: string) => {
  const goOn = useGo();
  const done = (): void => {
    letGoDraft(name);
    goOn(`/contracts/${it.id}`);
  };
  const counter = useSubmit(counterContract, done);
  const amend = useSubmit(amendContract, done);
  return how === "counter" ? counter : amend;
};

const Faults = ({ because, same }: { readonly because: string | undefined; readonly same: boolean }) => (
  <>
    {because && (
      <p class="notice bad" role="alert" data-testid="cannot-follow">
        {because}
      </p>
    )}
    {same && <p class="quiet">Change something: these are still the very terms you began with.</p>}
  </>
);

const Proposing = (props: ProposingProps) => {
  const { it, how, base, called, initial, next } = props;
  const name = `${how} ${it.id} ${it.proposal?.version ?? it.version}`;
  const editor = useWriter(name, initial);
  const form = useProposing(props, name);
  const stands = useStandingDays();
  const problem = form.problem.value;
  const same = canonical(editor.draft.value) === canonical(initial);
  const because = notToFollow(it, editor.draft.value);
  const save = (terms: Json): void => {
    if (stands.days === null) return;
    void form.submit({ params: { contract: it.id }, body: { terms, expiresInDays: stands.days } });
  };
  return (
    <Writer
      editor={editor}
      campaign={partiesOf(it, known()).includes("brand") ? it.campaign : undefined}
      initial={initial}
      compared={{ text: wording(base), called }}
      problem={problem}
      fields={["/expiresInDays"]}
      busy={form.busy.value}
      ready={stands.days !== null && !same && because === undefined}
      label={how === "counter" ? "Put it on the table" : "Propose the amendment"}
      onSave={save}
    >
      {next !== undefined && <FromWhen it={it} next={next} />}
      <Card title={how === "counter" ? "In place of what is on the table" : "Until when it may be signed"}>
        <p class="quiet">
          {how === "counter"
            ? "What is on the table can no longer be signed then; signatures start anew. It holds once both have signed it."
            : "Nothing changes unless both sign it."}
        </p>
        <StandingDays of={stands} problem={saidOf(problem, "/expiresInDays")} />
        <Faults because={because} same={same} />
      </Card>
    </Writer>
  );
};

const Nothing = ({
  title,
  it,
  children,
}: {
  readonly title: string;
  readonly it: Contract;
  readonly children: string;
}) => (
  <Empty title={title}>
    <p class="quiet">{children}</p>
    <a class="button" href={`/contracts/${it.id}`}>
      Back to the contract
    </a>
  </Empty>
);

const Counter = ({ it }: { readonly it: Contract }) => {
  const proposal = tabledAt(it, Date.now());
  if (!proposal)
    return (
      <Nothing title="Nothing is on the table" it={it}>
        It was signed, declined or withdrawn, or has expired.
      </Nothing>
    );
  const own = partiesOf(it, known()).includes(proposal.by);
  const title = proposalTitle(it, proposal).toLowerCase();
  const called = own ? `your ${title}` : `the ${title} by ${partyName(it, proposal.by)}`;
  const next = it.versions.length > 0 ? nextAmendmentDay(signedLast(it), Date.now()) : undefined;
  const { terms } = proposal;
  return <Proposing it={it} how="counter" base={terms} called={called} initial={asJson(terms)} next={next} />;
};

const Amend = ({ it }: { readonly it: Contract }) => {
  if (it.status !== "running")
    return (
      <Nothing title="This contract does not run" it={it}>
        Only a contract that both sides have signed, and that is not over, can be amended.
      </Nothing>
    );
  if (it.notice)
    return (
      <Nothing title="This contract is ending" it={it}>
        Notice has been given. Draft another contract for what comes afterwards.
      </Nothing>
    );
  if (tabledAt(it, Date.now()))
    return (
      <Nothing title="An amendment is on the table already" it={it}>
        Sign it, decline it, withdraw it, or put other terms in its place.
      </Nothing>
    );
  const next = nextAmendmentDay(signedLast(it), Date.now());
  if (next === undefined)
    return (
      <Nothing title="No period is left to begin" it={it}>
        {`The contract ends on ${day(it.terms.ends)}. Draft another one for what comes afterwards.`}
      </Nothing>
    );
  const initial = asJson({ ...it.terms, starts: next });
  return <Proposing it={it} how="amend" base={it.terms} called="what is signed now" initial={initial} next={next} />;
};

const heads = {
  counter: { title: "Other terms", under: "Begin from what is on the table, and change what you would sign." },
  amend: { title: "Amend the contract", under: "New terms from a coming day on; both sides sign them anew." },
} as const;

const viewOf =
  (how: keyof typeof heads, Body: typeof Counter) =>
  ({ params }: ViewProps) => {
    const id = params.contract ?? "";
    const load = useLoad(`contract ${id}`, () => ask(contract, { params: { contract: id } }));
    return (
      <>
        <Head over={<a href={`/contracts/${id}`}>Contract</a>} {...heads[how]} />
        <Shown of={load} lines={10}>
          {(it) => <Body key={it.proposal?.version ?? it.version} it={it} />}
        </Shown>
      </>
    );
  };

/** Other terms in place of those on the table. */
export const CounterView = viewOf("counter", Counter);

/** New terms for a contract that runs. */
export const AmendView = viewOf("amend", Amend);
