import type { Terms } from "../../../shared/contract/terms.ts";
import { approveStatement } from "../../../shared/wire/statements.ts";
import { moment, money } from "../kit/figures.ts";
import { useTextCheck } from "../kit/hash.ts";
import { closedText } from "../kit/statement.ts";
import { useSubmit } from "../kit/submit.ts";
import type { ClosedStatement, PeriodStatement } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Refused } from "../parts/form.tsx";
import { DisputeLink } from "./dispute-link.tsx";

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
  readonly contract: string;
  readonly mayApprove: boolean;
  readonly onApproved: (closed: readonly ClosedStatement[]) => void;
}

const Waiting = ({ closed: { silenceAt } }: Pick<ClosingProps, "closed">) => (
  <p data-testid="silence">
    {silenceAt === null
      ? "Not approved yet; by these terms silence approves nothing."
      : `Not approved yet; silence approves it on ${moment(silenceAt)}.`}
  </p>
);

/** What can be done about a closed statement: the brand approves it, either side disputes it. */
const Deeds = ({ closed, contract, mayApprove, onApproved }: ClosingProps) => {
  const form = useSubmit(approveStatement, ({ statements }) => onApproved(statements));
  const params = { contract, period: String(closed.period) };
  return (
    <>
      <div class="actions">
        {closed.approvedAt === null && mayApprove && (
          <Button
            kind="primary"
            busy={form.busy.value}
            testid="approve-statement"
            onPress={() => void form.submit({ params, body: {} })}
          >
            Approve the statement
          </Button>
        )}
        <DisputeLink contract={contract} period={closed.period}>
          Dispute it
        </DisputeLink>
      </div>
      {form.problem.value && <Refused problem={form.problem.value} />}
    </>
  );
};

/** A closed statement: its hash, computed again here, and its approval. */
export const Closing = (props: ClosingProps) => {
  const { closed, period } = props;
  const check = useTextCheck(closedText(period), closed.hash);
  return (
    <div class="closing stack" data-testid="closing" data-approved={closed.approvedAt !== null}>
      {closed.approvedAt === null ? (
        <Waiting closed={closed} />
      ) : (
        <p class="good-text">Approved {moment(closed.approvedAt)}.</p>
      )}
      <Deeds {...props} />
      <p class="hash" data-testid="statement-hash" data-check={check}>
        <span class="quiet">Final since {moment(closed.closedAt)} · SHA-256</span> <code>{closed.hash}</code>{" "}
        {check === "same" && <span class="good-text">✓ computed again in this browser</span>}
        {check === "other" && <strong class="bad-text">✗ this statement has another hash</strong>}
      </p>
    </div>
  );
};
