import { moment, money } from "../kit/figures.ts";
import type { DisputePage } from "../kit/wire.money.ts";
import { disputeEndings, nameOf } from "../kit/words.money.ts";
import { Countdown } from "../parts/countdown.tsx";
import { Amount, Card } from "../parts/small.tsx";
import { SplitBar } from "./dispute-split.tsx";

/** Who has to do what now, in a sentence. */
const turnOf = (page: DisputePage): string => {
  const { waitsFor, you, status } = page;
  if (waitsFor === "mediator")
    return you === "mediator" ? "You decide how the amount is split." : "The mediator decides how the amount is split.";
  if (waitsFor === "both") return "Both have spoken. Either of you may propose a split, or ask the mediator.";
  if (waitsFor === null) return "";
  const what = status === "opened" ? "answer" : "answer to the split that was proposed";
  return waitsFor === you ? `Your ${what} is awaited.` : `${nameOf(page, waitsFor)}’s ${what} is awaited.`;
};

const Deadline = ({ page, until }: { readonly page: DisputePage; readonly until: number }) => {
  const { ifSilent, currency } = page;
  const winner = ifSilent && ifSilent.brandMinor > 0 ? "brand" : "influencer";
  return (
    <div class="deadline" data-testid="deadline">
      <p class="strong">
        {turnOf(page)} <Countdown until={until} />
      </p>
      {ifSilent && (
        <p data-testid="if-silent">
          If nothing happens by {moment(until)}, the terms give the whole amount to {nameOf(page, winner)}:{" "}
          {page.brandName} keeps {money(ifSilent.brandMinor, currency)}, {page.influencerName} gets{" "}
          {money(ifSilent.influencerMinor, currency)}.
        </p>
      )}
    </div>
  );
};

const moved = (minor: number, currency: string): string =>
  minor < 0 ? `took ${money(-minor, currency)} off` : `added ${money(minor, currency)} to`;

const Resolved = ({ page }: { readonly page: DisputePage }) => {
  const { outcome, currency, item, you } = page;
  if (!outcome) return null;
  return (
    <div class="stack" data-testid="resolved" data-how={outcome.how}>
      <p class="strong">{disputeEndings[outcome.how]}</p>
      <SplitBar of={page} split={outcome} what="How it was split" />
      <p>
        {outcome.adjustmentMinor === 0
          ? "The contract’s money stays as it was. "
          : `It ${moved(outcome.adjustmentMinor, currency)} what the contract earns, as a line of its own. `}
        {you !== "mediator" && <a href={`/contracts/${item.contract}/statement`}>See the statement</a>}
      </p>
    </div>
  );
};

/** What the amount means while the dispute is open, in words. */
const meaning = (page: DisputePage): string => {
  const says = `${nameOf(page, page.opener)} says that this`;
  if (page.direction === "more") return `${says} is missing. Nothing is held because of it.`;
  if (page.heldMinor > 0)
    return `${says} should not be paid. It is held until this is resolved; everything else is paid as usual.`;
  return `${says} should not be paid.`;
};

/** The amount, whose turn it is, until when, and what happens if nobody moves; or what came of it. */
export const Turn = ({ page }: { readonly page: DisputePage }) => (
  <Card class={page.status === "resolved" ? "" : "accented"} testid="turn">
    <div class="sum">
      <Amount minor={page.amountMinor} currency={page.currency} testid="disputed" />
      <p class="quiet">{meaning(page)}</p>
    </div>
    {page.until === null ? <Resolved page={page} /> : <Deadline page={page} until={page.until} />}
  </Card>
);
