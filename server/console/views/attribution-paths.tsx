import { partly, type Who, worthOf } from "../kit/attribution.ts";
import { money, whole } from "../kit/figures.ts";
import type { AttributionPage, PathRow } from "../kit/wire.ts";
import { Behind } from "../parts/behind.tsx";
import { useCut } from "../parts/cut.tsx";
import { Flow, type Stream } from "../parts/flow.tsx";
import { Path } from "../parts/path.tsx";
import { Card } from "../parts/small.tsx";

const MOST = 10;
const MOST_ENDS = 7;
const OTHERS = "";

const rateOf = ({ conversions, nulls }: PathRow): string => partly(conversions / Math.max(1, conversions + nulls));

const Row = ({ row, worth, who, most }: RowProps) => (
  <tr data-testid="path-row" data-conversions={row.conversions}>
    <th scope="row">
      <Path steps={row.steps} who={who} />
      <svg class="path-bar" aria-hidden="true">
        <rect class="fill series-1" width={`${(row.conversions / most) * 100}%`} height="4" rx="2" />
      </svg>
    </th>
    <td data-title="Conversions">
      <span class="num strong">{whole(row.conversions)}</span>
    </td>
    <td data-title="Conversion rate">
      <span class="num">{rateOf(row)}</span>
    </td>
    {worth && (
      <td data-title="Worth">
        <span class="num">{money(row.valueMinor, worth)}</span>
      </td>
    )}
  </tr>
);

interface RowProps {
  readonly row: PathRow;
  readonly worth: string | null;
  readonly who: Who;
  readonly most: number;
}

/** The ends that have the most; all others are one. */
const leading = (paths: readonly PathRow[], end: (row: PathRow) => string): ReadonlySet<string> => {
  const sums = new Map<string, number>();
  for (const row of paths) sums.set(end(row), (sums.get(end(row)) ?? 0) + row.conversions);
  const sorted = [...sums].sort(([, a], [, b]) => b - a).map(([key]) => key);
  return new Set(sorted.length <= MOST_ENDS + 1 ? sorted : sorted.slice(0, MOST_ENDS));
};

/** How many conversions began with whom and ended with whom. */
export const streamsOf = (paths: readonly PathRow[]): readonly Stream[] => {
  const converting = paths.filter(({ conversions, steps }) => conversions > 0 && steps.length > 0);
  const [first, last] = [({ steps }: PathRow) => steps[0] ?? "", ({ steps }: PathRow) => steps.at(-1) ?? ""];
  const [starts, ends] = [leading(converting, first), leading(converting, last)];
  const sums = new Map<string, Stream>();
  for (const row of converting) {
    const from = starts.has(first(row)) ? first(row) : OTHERS;
    const to = ends.has(last(row)) ? last(row) : OTHERS;
    const key = JSON.stringify([from, to]);
    sums.set(key, { from, to, amount: (sums.get(key)?.amount ?? 0) + row.conversions });
  }
  return [...sums.values()];
};

const conversionsOf = (count: number): string => `${whole(count)} ${count === 1 ? "conversion" : "conversions"}`;

const BeginsAndEnds = ({ paths, who }: { readonly paths: readonly PathRow[]; readonly who: Who }) => {
  const streams = streamsOf(paths);
  const endOf = (key: string) => (key === OTHERS ? { label: "Others", tone: "other" } : who(key));
  if (streams.length < 2) return null;
  return (
    <div class="picture">
      <h3 class="flow-ends">
        <span>Who came first</span> <span>Who came last</span>
      </h3>
      <Flow
        what="From who came first to who came last"
        streams={streams}
        endOf={endOf}
        write={conversionsOf}
        testid="flow"
      />
      <Behind
        what="from who came first to who came last"
        heads={["From first to last", "Conversions"]}
        rows={[...streams]
          .sort((a, b) => b.amount - a.amount)
          .map(({ from, to, amount }) => [`${endOf(from).label} → ${endOf(to).label}`, whole(amount)])}
      />
    </div>
  );
};

/** The ways people took to a conversion, those most taken first. */
export const Paths = ({ page, who }: { readonly page: AttributionPage; readonly who: Who }) => {
  const worth = worthOf(page);
  const paths = page.paths.filter(({ conversions }) => conversions > 0);
  const { shown, more } = useCut(paths, MOST, "all-paths");
  const most = Math.max(1, ...paths.map(({ conversions }) => conversions));
  const left = page.morePaths;
  return (
    <Card title="Paths that convert" testid="paths">
      <BeginsAndEnds paths={paths} who={who} />
      <table class="table paths" aria-label="Paths">
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Conversions</th>
            <th scope="col">Conversion rate</th>
            {worth && <th scope="col">Worth</th>}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.steps.join("\n")} row={row} worth={worth} who={who} most={most} />
          ))}
        </tbody>
      </table>
      {more}
      {left.conversions > 0 && (
        <p class="quiet" data-testid="more-paths">
          And {whole(left.paths)} more {left.paths === 1 ? "path" : "paths"} with {conversionsOf(left.conversions)}.
        </p>
      )}
    </Card>
  );
};
