import { contract, statementOf } from "../../../shared/wire/influencer.ts";
import { closedStatements } from "../../../shared/wire/statements.ts";
import { type Answered, ask } from "../kit/ask.ts";
import { moment, money, whole } from "../kit/figures.ts";
import { useHashCheck } from "../kit/hash.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import { recompute } from "../kit/recompute.ts";
import type { ViewProps } from "../kit/route.ts";
import { known, sidesOf } from "../kit/session.ts";
import { backgroundOf, type PricedBy, versionsIn } from "../kit/statement.ts";
import type { ClosedStatement, Contract, ExplainedStatement } from "../kit/wire.ts";
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
        <strong>✓ Recomputed here.</strong> This browser computed the statement again, from the signed terms and{" "}
        {of.shares.length === 1 ? "the one result" : `the ${whole(of.shares.length)} results`} below, and found the same
        to the cent.
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
          <dd class="hint">In all periods, less what was taken back</dd>
        </div>
        <div class="figure">
          <dt>Due</dt>
          <dd>
            <Moving value={due} write={write} testid="statement-due" />
          </dd>
          <dd class="hint">
            What closed periods owe, paid or not: <a href="/payouts">payouts</a>
          </dd>
        </div>
        <div class="figure">
          <dt>Not due yet</dt>
          <dd>
            <Moving value={totalMinor - due} write={write} testid="statement-open" />
          </dd>
          <dd class="hint">Of a period still open, or carried on</dd>
        </div>
      </dl>
    </Card>
  );
};

/** The hash of each version the statement is priced by, computed again here. */
const Version = ({ it, only }: { readonly it: PricedBy; readonly only: boolean }) => {
  const check = useHashCheck(it.terms, it.termsHash);
  return (
    <div>
      {!only && <p class="quiet">Version {it.version}</p>}
      <HashMark termsHash={it.termsHash} check={check} />
    </div>
  );
};

interface Read {
  readonly of: ExplainedStatement;
  readonly closed: readonly ClosedStatement[];
  readonly contract: Contract;
}

const Periods = ({ load, read }: { readonly load: Loading<Read>; readonly read: Read }) => {
  const { of, closed, contract } = read;
  const { currency, periods } = of.statement;
  const background = backgroundOf(of);
  const mayApprove = sidesOf(contract, known()).brand;
  if (periods.length === 0)
    return (
      <Card>
        <p class="quiet">The first period has not begun.</p>
      </Card>
    );
  return (
    <>
      {periods.toReversed().map((it) => (
        <Period
          key={it.starts}
          period={it}
          currency={currency}
          contract={of.contract}
          background={background}
          amended={of.amendments.length > 0}
          closed={closed.find(({ starts }) => starts === it.starts)}
          mayApprove={mayApprove}
          onApproved={(now) => load.put({ ...read, closed: now })}
        />
      ))}
    </>
  );
};

const Page = ({ load, read }: { readonly load: Loading<Read>; readonly read: Read }) => {
  const { of, contract } = read;
  const versions = versionsIn(of);
  const other = sidesOf(contract, known()).brand ? contract.influencerName : contract.brandName;
  return (
    <>
      <Head
        over={
          <a href={`/contracts/${of.contract}`}>
            {other} · {contract.campaignName}
          </a>
        }
        title="Statement"
        under={`As of ${moment(of.asOf)}. Periods are days by the clock of ${of.terms.timeZone}.`}
      >
        <Button onPress={load.again}>Refresh</Button>
      </Head>
      <Checked of={of} />
      <Sums of={of} />
      <Periods load={load} read={read} />
      <Evidence of={of} />
      {versions.map((it) => (
        <Version key={it.version} it={it} only={versions.length === 1} />
      ))}
    </>
  );
};

/** A statement needs three answers: itself, what of it is final, and between whom it is. */
const readAll = async (id: string): Promise<Answered<Read>> => {
  const params = { contract: id };
  const [of, closed, between] = await Promise.all([
    ask(statementOf, { params }),
    ask(closedStatements, { params }),
    ask(contract, { params }),
  ]);
  if (!of.ok) return of;
  if (!closed.ok) return closed;
  if (!between.ok) return between;
  return { ok: true, value: { of: of.value, closed: closed.value.statements, contract: between.value } };
};

/** What a contract has earned, period by period and line by line, computed again in the browser of whoever reads it. */
export const StatementView = ({ params }: ViewProps) => {
  const id = params.contract ?? "";
  const load = useLoad(`statement ${id}`, () => readAll(id));
  return (
    <Shown of={load} lines={10} page>
      {(read) => <Page load={load} read={read} />}
    </Shown>
  );
};
