import type { Earnings } from "../app/shelves.ts";
import { money, rate, resultName, results } from "../app/speak.ts";
import { tell } from "../app/words.ts";

type Climbed = Earnings["ladders"][number];
type Step = Climbed["steps"][number];

interface Props {
  readonly ladder: Climbed;
  readonly currency: string;
}

const price = ({ amountMinor, rateBp }: Step, currency: string): string =>
  amountMinor === undefined ? rate(rateBp ?? 0) : money(amountMinor, currency);

const priceEach = (step: Step, currency: string): string =>
  step.amountMinor === undefined ? price(step, currency) : tell("each", price(step, currency));

const amountOf = (volume: number, { measure }: Climbed, currency: string): string =>
  measure === "count" ? results(volume) : money(volume, currency);

const fromOf = (step: Step, ladder: Climbed, currency: string): string =>
  amountOf(ladder.measure === "count" ? step.from * 1_000_000 : step.from, ladder, currency);

const ahead = (ladder: Climbed, currency: string): string => {
  const next = ladder.steps.find(({ reached }) => !reached);
  if (!next || ladder.toNext === null) return tell("topTier");
  const more = amountOf(ladder.toNext, ladder, currency);
  const word = ladder.measure === "count" ? "toNextCount" : "toNextValue";
  const name = resultName(ladder.result, ladder.measure === "count" ? ladder.toNext : 2_000_000);
  return tell(word, more, name, priceEach(next, currency));
};

/** A ladder of tiers: the steps climbed so far, and what the next one takes. */
export const Ladder = ({ ladder, currency }: Props) => (
  <div class="ladder" data-testid="ladder">
    <span class="part-title">{tell("tiers")}</span>
    <ol class="steps">
      {ladder.steps.map((step) => (
        <li key={step.from} class={step.reached ? "reached" : undefined}>
          <span class="step-price">{price(step, currency)}</span>
          <span class="fine">{tell("stepFrom", fromOf(step, ladder, currency))}</span>
          {step.reached && <span class="unseen">{tell("stepReached")}</span>}
        </li>
      ))}
    </ol>
    <p class="fine">{ahead(ladder, currency)}</p>
  </div>
);
