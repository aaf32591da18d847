import { money } from "../kit/figures.ts";
import type { CampaignPage, MoneyByStage } from "../kit/wire.ts";
import { stages } from "../kit/words.ts";
import { Moving } from "../parts/moving.tsx";
import { ShareBar } from "../parts/sharebar.tsx";
import { Card } from "../parts/small.tsx";

const order = ["accrued", "validated", "approved", "payable"] as const;
const tones = { accrued: "stage-1", validated: "stage-2", approved: "stage-3", payable: "stage-4" } as const;

/** Everything earned or expected, whatever its stage. */
export const total = (it: MoneyByStage): number =>
  it.accruedMinor + it.validatedMinor + it.approvedMinor + it.payableMinor;

/** Money as one bar, cut by how far each part has got. */
export const Stages = ({ of, legend = true }: { readonly of: MoneyByStage; readonly legend?: boolean }) => (
  <ShareBar
    what={`Money in ${of.currency} by stage`}
    legend={legend}
    parts={order.map((stage) => {
      const minor = of[`${stage}Minor`];
      return {
        key: stage,
        label: stages[stage].title,
        says: stages[stage].says,
        weight: minor,
        written: money(minor, of.currency),
        tone: tones[stage],
        testid: `stage-${stage}-${of.currency}`,
        exact: minor,
      };
    })}
  />
);

/** What each stage means, for whoever does not know the words yet. */
const Meanings = () => (
  <details data-testid="stage-meanings">
    <summary class="quiet">What these words mean</summary>
    <dl class="pairs">
      {order.map((stage) => (
        <div key={stage}>
          <dt>{stages[stage].title}</dt>
          <dd>{stages[stage].says}</dd>
        </div>
      ))}
    </dl>
  </details>
);

/** The currencies that hold something; one that only an offer names is left out beside them. */
const moving = (all: CampaignPage["money"]): CampaignPage["money"] => {
  const some = all.filter((it) => order.some((stage) => it[`${stage}Minor`] !== 0));
  return some.length > 0 ? some : all;
};

/** What the campaign costs: one sum for each currency, cut by stage. Two currencies never meet in one sum. */
export const Money = ({ page }: { readonly page: CampaignPage }) => (
  <Card title="Money" aside={<a href="/payouts">Payouts</a>}>
    <p class="quiet">
      {page.money.length === 0
        ? "Nothing has been earned yet."
        : "What influencers have earned, and what they are expected to, by how far each amount has come."}
    </p>
    {moving(page.money).map((it) => (
      <div key={it.currency} class="stack" data-testid="money" data-currency={it.currency}>
        <p class="sum">
          <Moving
            value={total(it)}
            write={(minor) => money(minor, it.currency)}
            testid={`money-total-${it.currency}`}
          />
        </p>
        <Stages of={it} />
      </div>
    ))}
    {page.money.length > 0 && <Meanings />}
  </Card>
);
