import { useSignal } from "@preact/signals";
import { decideDispute, mediation } from "../../../shared/wire/disputes.ts";
import { ask, type Problem } from "../kit/ask.ts";
import { money } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { useSubmit } from "../kit/submit.ts";
import type { DisputePage } from "../kit/wire.money.ts";
import { disputeStatuses } from "../kit/words.money.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Badge, Card, Head, When } from "../parts/small.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { disputeTitle } from "./dispute.tsx";
import { Evidence } from "./dispute-evidence.tsx";
import type { MoveProps } from "./dispute-propose.tsx";
import { Talk } from "./dispute-said.tsx";
import { SplitFields, useSplit } from "./dispute-split.tsx";
import { Turn } from "./dispute-turn.tsx";
import { useWords, WordsFields, wordFields } from "./dispute-words.tsx";

/** A half of the key in what somebody pasted: a whole link, or the half alone. */
export const halfIn = (text: string): string | null =>
  /(?:^|#key=)([0-9a-z]{26})$/.exec(text.trim().toLowerCase())?.[1] ?? null;

const halfFault = (text: string, mine: string): string | undefined => {
  const half = halfIn(text);
  if (text.trim() === "") return "Paste the link that the other side has sent you.";
  if (half === null) return "This is no half of a key: paste the whole link, up to its last letter.";
  return half === mine ? "This is the half you have already. Paste the link of the other side." : undefined;
};

/** A half that is none is told as such, not as a dispute that does not exist. */
const decidingProblem = (problem: Problem | null): Problem | null =>
  problem?.code === "not-found"
    ? {
        ...problem,
        because: "One of the two halves does not belong to this dispute. Ask both sides for their links again.",
      }
    : problem;

const Decide = ({ page, mine, onMoved }: MoveProps & { readonly mine: string }) => {
  const other = useSignal("");
  const asked = useSignal(false);
  const sure = useSignal(false);
  const made = useSplit(page, Math.round(page.amountMinor / 2));
  const words = useWords();
  const form = useSubmit(decideDispute, (moved) => {
    sure.value = false;
    onMoved(moved);
  });
  const fault = halfFault(other.value, mine);
  const problem = decidingProblem(form.problem.value);
  const next = (): void => {
    asked.value = true;
    if (fault === undefined && !made.fault) sure.value = true;
  };
  const decide = (): void => {
    const half = halfIn(other.value);
    if (half === null) return;
    const body = { keys: [mine, half], split: made.split, ...words.said() };
    void form.submit({ params: { dispute: page.id }, body });
  };
  const { brandMinor, influencerMinor } = made.split;
  return (
    <Card title="Your decision" class="accented">
      <Form onSubmit={next} problem={problem} fields={wordFields} testid="decide-form">
        <SplitFields of={page} made={made} />
        <WordsFields label="Why you decide so (optional)" of={words} problem={problem} testid="decide" />
        <TextBox
          label="The other half of the key"
          hint="Each side has a link for you. You opened one; paste the other. It takes both to decide."
          mono
          value={other.value}
          onInput={(text) => (other.value = text)}
          problem={asked.value || other.value.trim().length > 25 ? fault : undefined}
          testid="other-half"
        />
        <Button kind="primary" testid="decide">
          Decide…
        </Button>
      </Form>
      <Confirm
        open={sure.value}
        title="Decide this dispute?"
        label="Decide"
        busy={form.busy.value}
        problem={problem}
        testid="decide"
        onClose={() => (sure.value = false)}
        onConfirm={decide}
      >
        <p>
          {page.brandName} keeps {money(brandMinor, page.currency)}, {page.influencerName} gets{" "}
          {money(influencerMinor, page.currency)}. This is final; both sides see it at once.
        </p>
      </Confirm>
    </Card>
  );
};

const Page = ({ page, mine, onMoved }: MoveProps & { readonly mine: string }) => (
  <>
    <Head
      over="You are asked to mediate"
      title={disputeTitle(page)}
      under={
        <>
          <Badge word={disputeStatuses[page.status]} testid="dispute-status" /> {page.brandName} and{" "}
          {page.influencerName} · {page.campaignName} · opened <When at={page.openedAt} />
        </>
      }
    />
    <Turn page={page} />
    <Talk page={page} />
    <Evidence page={page} />
    {page.status === "escalated" && <Decide page={page} mine={mine} onMoved={onMoved} />}
  </>
);

const Mediation = ({ dispute, mine }: { readonly dispute: string; readonly mine: string }) => {
  const load = useLoad<DisputePage>(`mediation ${dispute} ${mine}`, () =>
    ask(mediation, { params: { dispute }, body: { key: mine } }),
  );
  return (
    <Shown of={load} lines={10} page>
      {(page) => <Page page={page} mine={mine} onMoved={load.put} />}
    </Shown>
  );
};

/** The page of a dispute's mediator, for whoever holds half of its key: reading takes one half, deciding both. */
export const MediateView = ({ params, hash }: ViewProps) => {
  const mine = halfIn(hash.get("key") ?? "");
  if (mine === null)
    return (
      <Empty title="This link is not whole">
        <p class="quiet">
          A link for a mediator ends in #key= and 26 letters and digits. Copy it again, up to its end.
        </p>
      </Empty>
    );
  return <Mediation key={mine} dispute={params.dispute ?? ""} mine={mine} />;
};
