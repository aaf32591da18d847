import { shareMicroAt } from "../../../shared/pay/change.ts";
import { moment, money, percent, whole } from "../kit/figures.ts";
import type { ExplainedStatement } from "../kit/wire.ts";
import { Card } from "../parts/small.tsx";

const MOST_SHOWN = 200;

type Share = ExplainedStatement["shares"][number];

const states = { counted: "counts", pending: "waits", rejected: "rejected" } as const;

const stateOf = ({ state, shareMicro, restated = [], reversals = [] }: Share): string => {
  const back = reversals.reduce((sum, { permille }) => sum + permille, 0);
  return [
    states[state],
    ...(restated.length > 0 ? [`was ${percent(shareMicro)} when it was stated`] : []),
    ...(back > 0 ? [`${percent(Math.min(back, 1000) * 1_000)} taken back`] : []),
  ].join(", ");
};

/** The results a statement is computed from: all there is to it, together with the terms. */
export const Evidence = ({ of: { shares, terms } }: { readonly of: ExplainedStatement }) => {
  const newest = shares.toSorted((a, b) => b.at - a.at);
  return (
    <Card title="Evidence">
      <details>
        <summary>
          {shares.length === 1 ? "1 result" : `${whole(shares.length)} results`}
          {shares.length > MOST_SHOWN && `, the newest ${MOST_SHOWN} shown`}
        </summary>
        <table class="table evidence" data-testid="evidence" aria-label="Results the statement is computed from">
          <thead>
            <tr>
              <th scope="col">Result</th>
              <th scope="col">When ({terms.timeZone})</th>
              <th scope="col">Share</th>
              <th scope="col">Value</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {newest.slice(0, MOST_SHOWN).map((it) => (
              <tr key={it.id}>
                <th scope="row">
                  <a href={`/conversions/${it.id}`}>{it.result}</a>
                </th>
                <td data-title="When">{moment(it.at, terms.timeZone)}</td>
                <td class="num" data-title="Share">
                  {percent(shareMicroAt(it))}
                </td>
                <td class="num" data-title="Value">
                  {it.valueMinor === undefined ? "–" : money(it.valueMinor, terms.currency)}
                </td>
                <td data-title="State">{stateOf(it)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
};
