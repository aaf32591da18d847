import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { periodAt } from "../../shared/kit/time.ts";
import { type Deal, dealOf, endedBy } from "../../shared/pay/deal.ts";
import { statementOf } from "../../shared/wire/influencer.ts";
import { keepStatement, statementSeen } from "../app/cache.ts";
import { cached } from "../app/pocket.ts";
import { reachAs } from "../app/reach.ts";
import { type Recomputed, recomputeStatement } from "../app/recompute.ts";
import type { Earnings, ExplainedStatement, PeriodStatement } from "../app/shelves.ts";
import { days, money, when } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { useEvidence } from "./evidence.ts";
import { Frame } from "./frame.tsx";
import { Guarantee } from "./guarantee.tsx";
import { Mark } from "./mark.tsx";
import { lineName } from "./names.ts";
import { Shares } from "./shares.tsx";
import { StagesExplained } from "./stages.tsx";

type Line = PeriodStatement["lines"][number];

const signedHashOf = (id: string, version: number): string | undefined => {
  const contract = cached.value.contracts.find((it) => it.id === id);
  if (contract?.version !== version) return contract?.versions?.find((it) => it.version === version)?.termsHash;
  return contract.signatures.find(({ by }) => by === "influencer")?.termsHash;
};

const useRecomputed = (it: ExplainedStatement | undefined): Recomputed | undefined => {
  const found = useSignal<Recomputed | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    if (it) {
      void recomputeStatement(it, signedHashOf(it.contract, it.version)).then((recomputed) => {
        if (!gone) found.value = recomputed;
      });
    }
    return () => {
      gone = true;
    };
  }, [it, found]);
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

/** The contract as it is priced: every version that was signed, and the last day if it came early. */
const dealIn = ({ terms, amendments, lastDay }: ExplainedStatement): Deal => {
  // What was kept of a statement before contracts could be amended says nothing of either.
  const all = [terms, ...(amendments ?? []).map((it) => it.terms)];
  return dealOf(all.map((it) => (lastDay ? endedBy(it, lastDay) : it)));
};

const inPeriod = (it: ExplainedStatement, period: PeriodStatement): ExplainedStatement["shares"] => {
  const { periods } = dealIn(it);
  return it.shares.filter(({ at }) => periodAt(periods, at)?.starts === period.starts);
};

const Period = ({ period, it, open }: PeriodProps) => {
  const { currency, timeZone } = it.terms;
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
      {period.guarantee && <Guarantee guarantee={period.guarantee} ends={period.ends} timeZone={timeZone} />}
      <Shares shares={inPeriod(it, period)} contract={it.contract} currency={currency} />
    </details>
  );
};

const Explained = ({ it, earnings }: { it: ExplainedStatement; earnings: Earnings | undefined }) => {
  const found = useRecomputed(it);
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
          <StagesExplained money={earnings.money} />
        </section>
      )}
    </>
  );
};

/** Why a contract has earned what it has: its statement line by line, computed again on this device. */
export const StatementView = ({ contract }: { contract: string }) => {
  const earnings = cached.value.earnings.find((it) => it.contract === contract);
  const { value, trouble } = useEvidence(
    {
      seen: () => statementSeen(contract),
      ask: (connection) => reachAs(connection, statementOf, { params: { contract } }),
      keep: keepStatement,
    },
    earnings,
  );
  return (
    <Frame title={earnings?.campaignName ?? tell("statement")} below={<p class="muted">{earnings?.brandName}</p>}>
      {trouble && <p class="note">{trouble}</p>}
      {value ? <Explained it={value} earnings={earnings} /> : !trouble && <p class="muted">{tell("loading")}</p>}
    </Frame>
  );
};
