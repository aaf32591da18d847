import { day } from "../kit/figures.ts";
import type { Background } from "../kit/statement.ts";
import type { ClosedStatement, PeriodStatement } from "../kit/wire.ts";
import { Badge, Card } from "../parts/small.tsx";
import { Closing, Due } from "./statement-closing.tsx";
import { Guarantee } from "./statement-guarantee.tsx";
import { Lines } from "./statement-lines.tsx";

const states = {
  open: { title: "Open", tone: "info", says: "Still counting." },
  closed: { title: "Closed", tone: "plain", says: "Over: it never changes any more." },
} as const;

interface PeriodProps {
  readonly period: PeriodStatement;
  readonly currency: string;
  readonly contract: string;
  readonly background: Background;
  /** Said only where a contract has been amended. */
  readonly amended: boolean;
  readonly closed: ClosedStatement | undefined;
  readonly mayApprove: boolean;
  readonly onApproved: (closed: readonly ClosedStatement[]) => void;
}

/** One period's money, line by line, each with its reason; its guarantee; and what is due of it, and since when it is final. */
export const Period = ({ period, currency, background, amended, closed, ...rest }: PeriodProps) => {
  const { version, terms } = background.versionOf(period);
  const standing = background.standingOf(period);
  return (
    <Card
      testid="period"
      title={`${day(period.starts)} – ${day(period.ends)}`}
      aside={
        <span class="badges">
          {amended && <span class="badge">version {version}</span>}
          <Badge word={states[period.state]} />
        </span>
      }
    >
      <Lines period={period} currency={currency} />
      <Due period={period} terms={terms} isLast={background.isLast(period)} currency={currency} />
      {standing && <Guarantee it={standing} terms={terms} />}
      {closed && <Closing period={period} closed={closed} {...rest} />}
    </Card>
  );
};
