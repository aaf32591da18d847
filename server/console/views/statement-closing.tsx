import type { Terms } from "../../../shared/contract/terms.ts";
import { DAY_MS } from "../../../shared/kit/time.ts";
import { approveStatement } from "../../../shared/wire/statements.ts";
import { moment, money } from "../kit/figures.ts";
import { useTextCheck } from "../kit/hash.ts";
import { closedText } from "../kit/statement.ts";
import { useSubmit } from "../kit/submit.ts";
import type { ClosedStatement, PeriodStatement } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Refused } from "../parts/form.tsx";

interface DueProps {
  readonly period: PeriodStatement;
  readonly terms: Terms;
  readonly isLast: boolean;
  readonly currency: string;
}

const why = ({ period, terms, isLast, currency }: DueProps): string => {
  const minimum = terms.payout?.minimumMinor ?? 0;
  if (period.state === "open") return "What is due is settled when the period closes.";
  if (period.carriedMinor < 0)
    return "More was taken back than earned: that is netted from what is earned later, and nothing is due until it is made up.";
  if (period.dueMinor > 0)
    return `The whole balance falls due${isLast ? "; from the last period on there is no minimum" : ""}. It is paid once it is approved and has been held for refunds.`;
  if (period.carriedMinor > 0)
    return `Less than ${money(minimum, currency)} is carried to the next period; from the last period on there is no minimum.`;
  return "Nothing is due.";
};

/** Why so much is due, and so much carried. */
export const Due = (props: DueProps) => (
  <p class="quiet" data-testid="due-because">
    {why(props)}
  </p>
);

interface ClosingProps {
  readonly period: PeriodStatement;
  readonly closed: ClosedStatement;
  readonly terms: Terms;
  readonly contract: string;
  readonly mayApprove: boolean;
  readonly onApproved: (closed: readonly ClosedStatement[]) => void;
}

const Waiting = ({ closed: { closedAt }, terms }: Pick<ClosingProps, "closed" | "terms">) => {
  const { silence, reviewDays } = terms.timing;
  return (
    <p data-testid="silence">
      {silence === "approve"
        ? `Not approved yet; silence approves it on ${moment(closedAt + reviewDays * DAY_MS)}.`
        : "Not approved yet; by these terms silence approves nothing."}
    </p>
  );
};

const Approve = ({ closed, contract, onApproved }: ClosingProps) => {
  const form = useSubmit(approveStatement, ({ statements }) => onApproved(statements));
  const params = { contract, period: String(closed.period) };
  return (
    <>
      <div class="actions">
        <Button
          kind="primary"
          busy={form.busy.value}
          testid="approve-statement"
          onPress={() => void form.submit({ params, body: {} })}
        >
          Approve the statement
        </Button>
        <span class="quiet">Its fixed pay is approved with it.</span>
      </div>
      {form.problem.value && <Refused problem={form.problem.value} />}
    </>
  );
};

/** A closed statement: its hash, computed again here, and its approval. */
export const Closing = (props: ClosingProps) => {
  const { closed, period, terms, mayApprove } = props;
  const check = useTextCheck(closedText(period), closed.hash);
  return (
    <div class="closing stack" data-testid="closing" data-approved={closed.approvedAt !== null}>
      {closed.approvedAt === null ? (
        <Waiting closed={closed} terms={terms} />
      ) : (
        <p class="good-text">Approved {moment(closed.approvedAt)}.</p>
      )}
      {closed.approvedAt === null && mayApprove && <Approve {...props} />}
      <p class="hash" data-testid="statement-hash" data-check={check}>
        <span class="quiet">Final since {moment(closed.closedAt)} · SHA-256</span> <code>{closed.hash}</code>{" "}
        {check === "same" && <span class="good-text">✓ computed again in this browser</span>}
        {check === "other" && <strong class="bad-text">✗ this statement has another hash</strong>}
      </p>
    </div>
  );
};
