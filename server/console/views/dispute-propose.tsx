import { useSignal } from "@preact/signals";
import { acceptSplit, proposeSplit } from "../../../shared/wire/disputes.ts";
import { money } from "../kit/figures.ts";
import { useSubmit } from "../kit/submit.ts";
import type { DisputePage } from "../kit/wire.money.ts";
import { nameOf } from "../kit/words.money.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Form } from "../parts/form.tsx";
import { Card } from "../parts/small.tsx";
import { SplitBar, SplitFields, useSplit } from "./dispute-split.tsx";
import { useWords, WordsFields, wordFields } from "./dispute-words.tsx";

/** What every move of a dispute is given: the page, and where to put it once it changed. */
export interface MoveProps {
  readonly page: DisputePage;
  readonly onMoved: (page: DisputePage) => void;
}

/** The proposal on the table, if it waits for whoever looks. */
export const offered = ({ status, proposals, you }: DisputePage) => {
  const last = proposals.at(-1);
  return status === "proposed" && last && last.party !== you ? last : undefined;
};

/** The other side's last proposal, and the button that accepts it and ends the dispute. */
export const Accept = ({ page, onMoved }: MoveProps) => {
  const asking = useSignal(false);
  const form = useSubmit(acceptSplit, onMoved);
  const last = offered(page);
  if (!last) return null;
  return (
    <Card title={`${nameOf(page, last.party)} proposes`} class="accented" testid="offered">
      <SplitBar of={page} split={last} what="The split proposed" />
      <Button kind="primary" onPress={() => (asking.value = true)} testid="accept">
        Accept this split
      </Button>
      <Confirm
        open={asking.value}
        title="Accept this split?"
        label="Accept"
        busy={form.busy.value}
        problem={form.problem.value}
        testid="accept"
        onClose={() => (asking.value = false)}
        onConfirm={() =>
          void form.submit({ params: { dispute: page.id }, body: { proposal: last.proposal } }).then((done) => {
            if (done) asking.value = false;
          })
        }
      >
        <p>
          {page.brandName} keeps {money(last.brandMinor, page.currency)}, {page.influencerName} gets{" "}
          {money(last.influencerMinor, page.currency)}. That ends the dispute for good.
        </p>
      </Confirm>
    </Card>
  );
};

const startOf = ({ proposals, amountMinor }: DisputePage): number =>
  proposals.at(-1)?.influencerMinor ?? Math.round(amountMinor / 2);

/** Propose a split, or another one in answer to the other side's. */
export const Propose = ({ page, onMoved }: MoveProps) => {
  const made = useSplit(page, startOf(page));
  const words = useWords();
  const form = useSubmit(proposeSplit, onMoved);
  const counter = offered(page) !== undefined;
  const submit = (): void => {
    if (made.fault) return;
    void form.submit({ params: { dispute: page.id }, body: { split: made.split, ...words.said() } });
  };
  return (
    <Card title={counter ? "Or propose another split" : "Propose a split"}>
      <Form onSubmit={submit} problem={form.problem.value} fields={wordFields} testid="propose-form">
        <SplitFields of={page} made={made} />
        <WordsFields label="Why (optional)" of={words} problem={form.problem.value} testid="propose" />
        <Button kind={counter ? "plain" : "primary"} busy={form.busy.value} testid="propose">
          {counter ? "Propose this instead" : "Propose this split"}
        </Button>
      </Form>
    </Card>
  );
};
