import { statementOf } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { moment, money } from "../kit/figures.ts";
import { useHashCheck } from "../kit/hash.ts";
import { useLoad } from "../kit/load.ts";
import { recompute } from "../kit/recompute.ts";
import type { ViewProps } from "../kit/route.ts";
import type { ExplainedStatement } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { HashMark } from "../parts/hash-mark.tsx";
import { Moving } from "../parts/moving.tsx";
import { Card, Head } from "../parts/small.tsx";
import { Spark } from "../parts/spark.tsx";
import { Shown } from "../parts/states.tsx";
import { Evidence } from "./statement-evidence.tsx";
import { Period } from "./statement-period.tsx";

const Checked = ({ of }: { readonly of: ExplainedStatement }) => {
  const found = recompute(of);
  if (found.state === "equal")
    return (
      <p class="notice good" data-testid="recomputed" data-state="equal">
        <strong>✓ Recomputed here.</strong> This browser computed the statement again, from the signed terms and the{" "}
        {of.shares.length} results below, and found the same to the cent.
      </p>
    );
  return (
    <div class="notice bad" role="alert" data-testid="recomputed" data-state={found.state}>
      <p>
        <strong>✗ This statement is not what its evidence gives.</strong>{" "}
        {found.state === "different"
          ? `It differs first in ${found.where}; computed here, the total is ${money(found.ours.totalMinor, found.ours.currency)}.`
          : "It could not be computed again from what the server sent."}{" "}
        Ask about it before you rely on it.
      </p>
    </div>
  );
};

const Sums = ({ of }: { readonly of: ExplainedStatement }) => {
  const { currency, periods, totalMinor } = of.statement;
  const write = (minor: number): string => money(minor, currency);
  const due = periods.reduce((sum, { dueMinor }) => sum + dueMinor, 0);
  return (
    <Card>
      <dl class="figures">
        <div class="figure">
          <dt>Earned</dt>
          <dd>
            <Moving value={totalMinor} write={write} testid="statement-total" />
            {periods.length > 2 && <Spark values={periods.map((it) => it.earnedMinor)} what="Earned by period" />}
          </dd>
        </div>
        <div class="figure">
          <dt title="What closed periods owe">Due</dt>
          <dd>
            <Moving value={due} write={write} testid="statement-due" />
          </dd>
        </div>
        <div class="figure">
          <dt title="Not due yet: open, or below the payout's minimum">Not due yet</dt>
          <dd>
            <Moving value={totalMinor - due} write={write} testid="statement-open" />
          </dd>
        </div>
      </dl>
    </Card>
  );
};

const Page = ({
  of,
  id,
  again,
}: {
  readonly of: ExplainedStatement;
  readonly id: string;
  readonly again: () => void;
}) => {
  const check = useHashCheck(of.terms, of.termsHash);
  const { currency, periods } = of.statement;
  return (
    <>
      <Head
        over={<a href={`/contracts/${id}`}>Contract</a>}
        title="Statement"
        under={`As of ${moment(of.asOf)}. Periods are days by the clock of ${of.terms.timeZone}.`}
      >
        <Button onPress={again}>Refresh</Button>
      </Head>
      <Checked of={of} />
      <Sums of={of} />
      {periods.length === 0 && (
        <Card>
          <p class="quiet">The first period has not begun.</p>
        </Card>
      )}
      {periods.toReversed().map((it) => (
        <Period key={it.starts} period={it} currency={currency} terms={of.terms} />
      ))}
      <Evidence of={of} />
      <HashMark termsHash={of.termsHash} check={check} />
    </>
  );
};

/** What a contract has earned, period by period and line by line, computed again in the browser of whoever reads it. */
export const StatementView = ({ params }: ViewProps) => {
  const id = params.contract ?? "";
  const load = useLoad(`statement ${id}`, () => ask(statementOf, { params: { contract: id } }));
  return (
    <Shown of={load} lines={10}>
      {(of) => <Page of={of} id={id} again={load.again} />}
    </Shown>
  );
};
