import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { periodAt } from "../../shared/kit/time.ts";
import { dealExplained, standings } from "../../shared/pay/explained.ts";
import { cached } from "../app/pocket.ts";
import { compareShown, type Recomputed } from "../app/recompute.ts";
import type { Earnings, ExplainedStatement, PeriodStatement } from "../app/shelves.ts";
import { days, money, when } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { statementSource, useEvidence } from "./evidence.ts";
import { Frame } from "./frame.tsx";
import { Guarantee } from "./guarantee.tsx";
import { Mark } from "./mark.tsx";
import { lineName } from "./names.ts";
import { useRecomputed } from "./recomputed.ts";
import { Shares } from "./shares.tsx";
import { StagesExplained } from "./stages.tsx";

type Line = PeriodStatement["lines"][number];

// What has just moved is on one page a moment before it is on the other.
const A_MOMENT_MS = 2000;

/** Does the first page show other figures than this statement, and for longer than it takes the news to come? */
const useContradiction = (it: ExplainedStatement, earnings: Earnings | undefined): Recomputed | undefined => {
  const found = useSignal<Recomputed | undefined>(undefined);
  useEffect(() => {
    const compared = earnings && compareShown(earnings, it);
    if (compared?.verdict !== "differs") {
      found.value = undefined;
      return;
    }
    const lasting = setTimeout(() => {
      found.value = compared;
    }, A_MOMENT_MS);
    return () => clearTimeout(lasting);
  }, [it, earnings, found]);
  return found.value;
};

const LineRow = ({ line, currency }: { line: Line; currency: string }) => (
  <li class="line" data-testid="line">
    <span class="line-name">{lineName(line.code)}</span>
    <span class="figure">{money(line.amountMinor, currency)}</span>
    <span class="fine because" lang="en">
      {line.because}
    </span>
  </li>
);

const Balance = ({ period, currency }: { period: PeriodStatement; currency: string }) => (
  <dl class="balance">
    <div>
      <dt>{tell("due")}</dt>
      <dd class="figure">{money(period.dueMinor, currency)}</dd>
    </div>
    <div>
      <dt>{tell("carried")}</dt>
      <dd class="figure">{money(period.carriedMinor, currency)}</dd>
    </div>
  </dl>
);

interface PeriodProps {
  readonly period: PeriodStatement;
  readonly it: ExplainedStatement;
  readonly open: boolean;
}

const inPeriod = (it: ExplainedStatement, period: PeriodStatement): ExplainedStatement["shares"] => {
  const { periods } = dealExplained(it);
  return it.shares.filter(({ at }) => periodAt(periods, at)?.starts === period.starts);
};

/** How its guarantee stands: as the period was closed, and what has been made good since where that is still going on. */
const standingOf = (it: ExplainedStatement, { starts, guarantee }: PeriodStatement): PeriodStatement["guarantee"] => {
  if (guarantee?.state !== "pending") return guarantee;
  const place = dealExplained(it).periods.findIndex((period) => period.starts === starts);
  return standings(it).get(place) ?? guarantee;
};

const Period = ({ period, it, open }: PeriodProps) => {
  const { currency, timeZone } = it.terms;
  const guarantee = standingOf(it, period);
  return (
    <details class="card period" open={open} data-testid="period">
      <summary>
        <span>
          {days(period.starts, period.ends)}{" "}
          <span class="chip">{tell(period.state === "open" ? "periodOpen" : "periodClosed")}</span>
        </span>
        <span class="figure" data-testid="period-earned" data-amount-minor={period.earnedMinor}>
          {money(period.earnedMinor, currency)}
        </span>
      </summary>
      <ul class="lines">
        {period.lines.map((line, index) => (
          <LineRow key={`${line.code}-${line.conversion ?? index}`} line={line} currency={currency} />
        ))}
      </ul>
      {period.state === "closed" && <Balance period={period} currency={currency} />}
      {guarantee && <Guarantee guarantee={guarantee} ends={period.ends} timeZone={timeZone} />}
      <Shares shares={inPeriod(it, period)} contract={it.contract} currency={currency} />
    </details>
  );
};

interface ExplainedProps {
  readonly it: ExplainedStatement;
  readonly earnings: Earnings | undefined;
  readonly fresh: boolean;
}

const Explained = ({ it, earnings, fresh }: ExplainedProps) => {
  const recomputed = useRecomputed(it);
  const contradiction = useContradiction(it, fresh ? earnings : undefined);
  const found = recomputed?.verdict === "same" ? (contradiction ?? recomputed) : recomputed;
  return (
    <>
      <Mark found={found} currency={it.terms.currency} />
      <p class="fine">{tell("asOf", when(it.asOf))}</p>
      {it.statement.periods.length === 0 && <p class="card muted">{tell("notBegun")}</p>}
      {it.statement.periods.toReversed().map((period, index) => (
        <Period key={period.starts} period={period} it={it} open={index === 0} />
      ))}
      {earnings && (
        <section class="card">
          <h2>{tell("whereItStands")}</h2>
          <p class="fine">{tell("stagesSays")}</p>
          <StagesExplained money={earnings.money} />
        </section>
      )}
    </>
  );
};

/** Why a contract has earned what it has: its statement line by line, computed again on this device. */
export const StatementView = ({ contract }: { contract: string }) => {
  const earnings = cached.value.earnings.find((it) => it.contract === contract);
  const { value, trouble, fresh } = useEvidence(statementSource(contract), earnings);
  return (
    <Frame title={earnings?.campaignName ?? tell("statement")} below={<p class="muted">{earnings?.brandName}</p>}>
      {trouble && <p class="note">{trouble}</p>}
      {value && <Explained it={value} earnings={earnings} fresh={fresh} />}
      {!value && !trouble && <p class="muted">{tell("loading")}</p>}
    </Frame>
  );
};
