import type { Earnings } from "../app/shelves.ts";
import { money } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { Amount } from "./amount.tsx";

type Money = Earnings["money"];

/** The stages in order, with the figure each shows and what it means. */
export const stages = [
  { name: "accrued", of: (it: Money) => it.accruedMinor, title: "stageAccrued", says: "stageAccruedSays" },
  { name: "validated", of: (it: Money) => it.validatedMinor, title: "stageValidated", says: "stageValidatedSays" },
  { name: "approved", of: (it: Money) => it.approvedMinor, title: "stageApproved", says: "stageApprovedSays" },
  { name: "payable", of: (it: Money) => it.payableMinor, title: "stagePayable", says: "stagePayableSays" },
] as const;

/** Where the money stands: how much has come to each stage and no further. */
export const Stages = ({ money: it, contract }: { money: Money; contract: string }) => (
  <span class="stages">
    {stages.map(({ name, of, title }) => (
      <span class={`stage ${name}`} key={name}>
        <span class="stage-name">{tell(title)}</span>
        <Amount amountMinor={of(it)} currency={it.currency} testId={`${name}-${contract}`} />
      </span>
    ))}
  </span>
);

/** The same with a sentence each, for those who ask what the stages mean. */
export const StagesExplained = ({ money: it }: { money: Money }) => (
  <dl class="explained">
    {stages.map(({ name, of, title, says }) => (
      <div key={name} class={`stage ${name}`}>
        <dt>{tell(title)}</dt>
        <dd class="figure">{money(of(it), it.currency)}</dd>
        <dd class="fine">{tell(says)}</dd>
      </div>
    ))}
  </dl>
);
