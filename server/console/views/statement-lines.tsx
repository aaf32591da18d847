import { day } from "../kit/figures.ts";
import { carriedIn, type Group, grouped } from "../kit/statement.ts";
import type { PeriodStatement } from "../kit/wire.ts";
import { lineTitle } from "../kit/words.ts";
import { Amount } from "../parts/small.tsx";

type Line = PeriodStatement["lines"][number];

const MOST_LINES = 12;

const Exact = ({ exact }: { readonly exact: string }) =>
  exact.endsWith("/1") ? null : (
    <span class="mono quiet exact" title="The exact amount in minor units, before it was rounded, half to even">
      {exact}
    </span>
  );

const Row = ({ line, currency }: { readonly line: Line; readonly currency: string }) => (
  <tr data-testid="statement-line" data-code={line.code}>
    <th scope="row">
      {lineTitle(line.code)}
      <p class="quiet">
        {line.because}{" "}
        {line.conversion && (
          <a href={`/conversions/${line.conversion}`} data-testid="line-conversion">
            the conversion
          </a>
        )}
      </p>
    </th>
    <td>
      <Exact exact={line.exact} />
      <Amount minor={line.amountMinor} currency={currency} testid="statement-line-amount" />
    </td>
  </tr>
);

interface GroupProps {
  readonly group: Group;
  readonly currency: string;
}

const rows = (lines: readonly Line[], currency: string) =>
  lines.map((line, place) => (
    // Lines have no names of their own, and closed ones never change their order.
    <Row key={`${place} ${line.code}`} line={line} currency={currency} />
  ));

/** Many corrections are told in one sum, and one by one to whoever asks. */
const Folded = ({ group, currency }: GroupProps) => (
  <tr>
    <td colSpan={2} class="folded">
      <details>
        <summary>{group.lines.length} lines, one by one</summary>
        <table class="table lines" aria-label={group.title}>
          <tbody>{rows(group.lines, currency)}</tbody>
        </table>
      </details>
    </td>
  </tr>
);

const GroupRows = ({ group, currency }: GroupProps) => (
  <tbody data-testid="line-group" data-group={group.name}>
    <tr class="line-group">
      <th scope="rowgroup">{group.title}</th>
      <td>
        <Amount minor={group.amountMinor} currency={currency} />
      </td>
    </tr>
    {group.lines.length > MOST_LINES ? <Folded group={group} currency={currency} /> : rows(group.lines, currency)}
  </tbody>
);

const Sums = ({ period, currency }: LinesProps) => {
  const before = carriedIn(period);
  const sums = [
    ["Earned", period.earnedMinor, "period-earned"],
    ...(before === 0 ? [] : [["Carried in from before", before, "period-carried-in"] as const]),
    ...(period.state === "open" ? [] : [["Due", period.dueMinor, "period-due"] as const]),
    [period.state === "open" ? "Not due yet" : "Carried to the next", period.carriedMinor, "period-carried"],
  ] as const;
  return (
    <tfoot>
      {sums.map(([title, minor, testid]) => (
        <tr key={testid}>
          <th scope="row">{title}</th>
          <td>
            <Amount minor={minor} currency={currency} testid={testid} />
          </td>
        </tr>
      ))}
    </tfoot>
  );
};

interface LinesProps {
  readonly period: PeriodStatement;
  readonly currency: string;
}

/** A period's money, line by line under what the lines are, and what of it is due. */
export const Lines = ({ period, currency }: LinesProps) => {
  const all = grouped(period.lines);
  return (
    <table class="table lines" aria-label={`What ${day(period.starts)} to ${day(period.ends)} earned`}>
      {all.map((group) => (
        <GroupRows key={group.name} group={group} currency={currency} />
      ))}
      {all.length === 0 && (
        <tbody>
          <tr>
            <th scope="row" colSpan={2} class="quiet">
              Nothing has been earned yet.
            </th>
          </tr>
        </tbody>
      )}
      <Sums period={period} currency={currency} />
    </table>
  );
};
