import { useEffect, useRef } from "preact/hooks";
import { cached } from "../app/pocket.ts";
import type { Contract, Earnings } from "../app/shelves.ts";
import { days, money } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { Amount } from "./amount.tsx";
import { announce } from "./announcer.tsx";
import { Guarantee } from "./guarantee.tsx";
import { Ladder } from "./ladder.tsx";
import { go, useReturn } from "./route.ts";
import { Stages } from "./stages.tsx";

const sum = ({ accruedMinor, validatedMinor, approvedMinor, payableMinor }: Earnings["money"]): number =>
  accruedMinor + validatedMinor + approvedMinor + payableMinor;

/** Say aloud what moved, since a highlight is only for those who see. */
const useSpokenChange = ({ money: it, period, campaignName }: Earnings): void => {
  const before = useRef({ total: sum(it), earned: period?.earnedMinor ?? 0 });
  const [total, earned] = [sum(it), period?.earnedMinor ?? 0];
  useEffect(() => {
    const moved = total !== before.current.total || earned !== before.current.earned;
    before.current = { total, earned };
    if (moved) announce(tell("earnedMoved", campaignName, money(earned, it.currency), money(total, it.currency)));
  }, [total, earned, campaignName, it.currency]);
};

const Headline = ({ earnings, explain }: { earnings: Earnings; explain: () => void }) => {
  const { contract, money: it, period } = earnings;
  const way = useReturn<HTMLButtonElement>((to) => to.at === "statement" && to.contract === contract);
  return (
    <button type="button" ref={way} class="headline" data-testid={`explain-${contract}`} onClick={explain}>
      <Amount amountMinor={period?.earnedMinor ?? 0} currency={it.currency} testId={`earned-${contract}`} />
      <span class="fine">{period ? tell("earnedIn", days(period.starts, period.ends)) : tell("notBegun")}</span>
      <span class="more">{tell("explain")}</span>
    </button>
  );
};

const contractOf = (id: string): Contract | undefined => cached.value.contracts.find((it) => it.id === id);

/** One contract's earnings: this period's total, where the money stands, the guarantee and the tiers. Each amount opens its explanation. */
export const EarningsCard = ({ earnings }: { earnings: Earnings }) => {
  useSpokenChange(earnings);
  const { contract, brandName, campaignName, money: it, period, ladders } = earnings;
  const explain = (): void => go({ at: "statement", contract });
  return (
    <article class="card earnings" aria-label={`${brandName}, ${campaignName}`}>
      <header>
        <h3 dir="auto">{campaignName}</h3>
        <p class="muted" dir="auto">
          {brandName}
        </p>
      </header>
      <Headline earnings={earnings} explain={explain} />
      <button type="button" class="stages-button" onClick={explain} aria-describedby={`stages-${contract}`}>
        <span class="part-title" id={`stages-${contract}`}>
          {tell("whereItStands")}
        </span>
        <Stages money={it} contract={contract} />
      </button>
      {period?.guarantee && (
        <Guarantee guarantee={period.guarantee} ends={period.ends} timeZone={contractOf(contract)?.terms.timeZone} />
      )}
      {ladders.map((ladder) => (
        <Ladder key={ladder.rule} ladder={ladder} currency={it.currency} />
      ))}
    </article>
  );
};
