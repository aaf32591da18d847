import { useSignal } from "@preact/signals";
import { disputeReasons as reasonsOf } from "../../../shared/contract/dispute.item.ts";
import { openDispute } from "../../../shared/wire/disputes.ts";
import type { Problem } from "../kit/ask.ts";
import { money } from "../kit/figures.ts";
import { useGo } from "../kit/here.ts";
import { useLoad } from "../kit/load.ts";
import { placed } from "../kit/plain.ts";
import { reworded } from "../kit/reworded.ts";
import type { ViewProps } from "../kit/route.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { DisputeRow } from "../kit/wire.money.ts";
import { disputeReasons } from "../kit/words.money.ts";
import { AmountBox, type TypedAmount, useAmount } from "../parts/amount-box.tsx";
import { Button, LinkButton } from "../parts/button.tsx";
import { Choice } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { type ItemRead, itemIn, readItem } from "./dispute-item.ts";
import { useWords, WordsFields, wordFields } from "./dispute-words.tsx";

type Reason = DisputeRow["reason"];

const places = {
  "more-than-worth": "/amountMinor",
  "more-than-possible": "/amountMinor",
  "text-missing": "/text",
} as const;

/** How much there is at most, where the server said so. */
const mostIn = (problem: Problem | null): number | null => {
  const found = problem?.code.startsWith("more-than-") ? /(\d+) minor units/.exec(problem.because) : null;
  return found ? Number(found[1]) : null;
};

const Amounts = ({
  of,
  amount,
  problem,
  most,
}: {
  readonly most: number | null;
  readonly of: ItemRead;
  readonly amount: TypedAmount;
  readonly problem: Problem | null;
}) => {
  const { brandName, terms } = of.contract;
  const hint =
    of.side === "brand"
      ? `How much of it should not be paid. Exactly that is held; the rest is paid as usual. ${of.openMinor === null ? "" : `As far as this page knows, ${money(of.openMinor, terms.currency)} can be disputed.`}`
      : `How much ${brandName} should pay on top of what you were credited with. Nothing is held because of it.`;
  return (
    <>
      <AmountBox
        label={of.side === "brand" ? "Amount that should not be paid" : "Amount that is missing"}
        of={amount}
        hint={hint.trim()}
        problem={saidOf(problem, "/amountMinor")}
        testid="dispute-amount"
      />
      {most !== null && most > 0 && most !== amount.minor && (
        <Button small onPress={() => amount.put(most)} testid="dispute-most">
          Dispute {money(most, terms.currency)} instead
        </Button>
      )}
    </>
  );
};

const Opening = ({ of }: { readonly of: ItemRead }) => {
  const { currency } = of.contract.terms;
  const amount = useAmount(of.side === "brand" ? of.openMinor : null, currency);
  const reason = useSignal("");
  const asked = useSignal(false);
  const words = useWords();
  const goOn = useGo();
  const form = useSubmit(openDispute, ({ id }) => goOn(`/disputes/${id}`, "replace"));
  const refused = form.problem.value;
  const problem = placed(refused && { ...refused, because: reworded(refused.because, currency) }, places);
  const options = reasonsOf[of.side].map((value) => ({ value, label: disputeReasons[value] }));
  const submit = (): void => {
    asked.value = true;
    const good = amount.check() && reason.value !== "";
    if (!good || amount.minor === null) return;
    const body = { item: of.item, amountMinor: amount.minor, reason: reason.value as Reason, ...words.said() };
    void form.submit({ body });
  };
  const reasonFault = asked.value && reason.value === "" ? "Choose a reason." : saidOf(problem, "/reason");
  return (
    <Card class="accented">
      <Form
        onSubmit={submit}
        problem={problem}
        fields={["/amountMinor", "/reason", ...wordFields]}
        testid="dispute-form"
      >
        <Amounts of={of} amount={amount} problem={problem} most={mostIn(refused)} />
        <Choice
          label="Reason"
          value={reason.value}
          options={options}
          onPick={(picked) => (reason.value = picked)}
          problem={reasonFault}
          testid="dispute-reason"
        />
        <WordsFields
          label={reason.value === "other" ? "What is wrong" : "What is wrong (optional)"}
          hint="The other side reads it, and so does a mediator: no personal data of a lead. The evidence we have is attached by itself."
          of={words}
          problem={problem}
          testid="dispute"
        />
        <Button kind="primary" busy={form.busy.value} testid="open-dispute">
          Open the dispute
        </Button>
      </Form>
    </Card>
  );
};

const Already = ({ of }: { readonly of: DisputeRow }) => (
  <Card title="This is disputed already">
    <p>
      {of.status === "resolved"
        ? "You disputed this before, and it was resolved. That stands."
        : "There can be one dispute about it at a time. Go on there."}
    </p>
    <LinkButton href={`/disputes/${of.id}`} kind="primary" testid="to-existing">
      Open that dispute
    </LinkButton>
  </Card>
);

const WhatFollows = ({ of: { contract, side } }: { readonly of: ItemRead }) => {
  const other = side === "brand" ? contract.influencerName : contract.brandName;
  return (
    <Card title="What follows">
      <ol class="steps">
        <li>{other} answers, or the deadline in the terms passes.</li>
        <li>Either of you proposes how to split the amount; the other accepts, or proposes another split.</li>
        <li>If you do not agree, either asks the mediator, who decides by a key that both of you hold half of.</li>
      </ol>
      <p class="hint">Every step has a deadline, and the terms say who gets the amount when it passes in silence.</p>
    </Card>
  );
};

const Body = ({ of }: { readonly of: ItemRead }) => {
  if (of.existing) return <Already of={of.existing} />;
  if (of.notYet !== undefined)
    return (
      <p class="notice" data-testid="not-yet">
        {of.notYet}
      </p>
    );
  return (
    <>
      <Opening of={of} />
      <WhatFollows of={of} />
    </>
  );
};

/** Open a dispute about an item that the address names. */
export const NewDisputeView = ({ query }: ViewProps) => {
  const item = itemIn(query);
  const load = useLoad(`disputable ${JSON.stringify(item)}`, () => readItem(item));
  return (
    <Shown of={load} lines={8} page>
      {(of) => (
        <>
          <Head
            over={<a href={of.href}>{of.back}</a>}
            title={`Dispute ${of.title}`}
            under={`${of.contract.campaignName} · ${of.contract.brandName} and ${of.contract.influencerName}`}
          />
          <Body of={of} />
        </>
      )}
    </Shown>
  );
};
