import { useSignal } from "@preact/signals";
import { shareMicroAt } from "../../shared/pay/change.ts";
import type { ExplainedStatement } from "../app/shelves.ts";
import { money, part, resultTitle, when } from "../app/speak.ts";
import { tell, tellCount } from "../app/words.ts";
import { stateName } from "./names.ts";
import { go } from "./route.ts";

type Share = ExplainedStatement["shares"][number];

interface Props {
  readonly shares: readonly Share[];
  readonly contract: string;
  readonly currency: string;
}

const FEW = 20;

const takenBack = ({ reversals = [] }: Share): number => reversals.reduce((sum, { permille }) => sum + permille, 0);

const One = ({ share, contract, currency }: { share: Share; contract: string; currency: string }) => (
  <li>
    <button
      type="button"
      class="share"
      data-testid="share"
      data-conversion={share.id}
      onClick={() => go({ at: "conversion", contract, conversion: share.id })}
    >
      <span class="line-name">
        {resultTitle(share.result)}
        {share.valueMinor !== undefined && ` · ${money(share.valueMinor, currency)}`}
      </span>
      <span class="figure">{part(shareMicroAt(share))}</span>
      <span class="fine">
        {when(share.at)} · {stateName(share.state)}
        {takenBack(share) > 0 && ` · ${tell("takenBack", part(takenBack(share) * 1000))}`}
      </span>
      <span class="chevron" aria-hidden="true">
        ›
      </span>
    </button>
  </li>
);

/** The conversions a period is made of, each with the part that is credited here, newest first. */
export const Shares = ({ shares, contract, currency }: Props) => {
  const all = useSignal(false);
  const sorted = shares.toSorted((a, b) => b.at - a.at);
  const shown = all.value ? sorted : sorted.slice(0, FEW);
  return (
    <section class="shares">
      <h3 class="part-title">{tell("conversions")}</h3>
      {shares.length === 0 && <p class="muted">{tell("noConversions")}</p>}
      <ul class="plain">
        {shown.map((share) => (
          <One key={share.id} share={share} contract={contract} currency={currency} />
        ))}
      </ul>
      {shown.length < sorted.length && (
        <button
          type="button"
          class="small"
          onClick={() => {
            all.value = true;
          }}
        >
          {tellCount("showAllConversions", sorted.length)}
        </button>
      )}
    </section>
  );
};
