import { rowsOf, signedMoney, signedResults, type Who, worthOf } from "../kit/attribution.ts";
import { money, results, whole } from "../kit/figures.ts";
import type { AttributionPage, PayeeRow } from "../kit/wire.ts";
import { CompareBars } from "../parts/compare-bars.tsx";
import { useCut } from "../parts/cut.tsx";
import { Card } from "../parts/small.tsx";

const MOST = 12;

interface RowProps {
  readonly row: PayeeRow;
  readonly worth: string | null;
  readonly most: number;
  readonly who: Who;
}

interface FiguresProps {
  readonly of: PayeeRow["now"];
  readonly worth: string | null;
}

/** Conversions, and what they were worth where that is known. */
const Figures = ({ of, worth }: FiguresProps) => (
  <>
    <span class="num strong">{worth ? money(of.valueMinor, worth) : results(of.conversionsMicro)}</span>
    {worth && (
      <span class="num quiet">
        {results(of.conversionsMicro)}
        <span class="unit"> conversions</span>
      </span>
    )}
  </>
);

const toneOf = (difference: number): string => {
  if (difference === 0) return "quiet";
  return difference > 0 ? "good-text" : "bad-text";
};

const Difference = ({ row: { now, whatIf }, worth }: Pick<RowProps, "row" | "worth">) => {
  const [micro, minor] = [whatIf.conversionsMicro - now.conversionsMicro, whatIf.valueMinor - now.valueMinor];
  return (
    <>
      <span class={`num strong ${toneOf(worth ? minor : micro)}`} data-testid="difference" data-micro={micro}>
        {worth ? signedMoney(minor, worth) : signedResults(micro)}
      </span>
      {worth && <span class="num quiet">{signedResults(micro)}</span>}
    </>
  );
};

const Row = ({ row, worth, most, who }: RowProps) => {
  const { label, tone } = who(row.payee);
  const measure = (it: PayeeRow["now"]): number => (worth ? it.valueMinor : it.conversionsMicro);
  return (
    <tr class={tone === "house" ? "quiet" : ""} data-testid="payee-row" data-payee={row.payee}>
      <th scope="row">
        <span class="payee-name">
          <span class={`dot ${tone}`} aria-hidden="true" /> <span>{label}</span>
        </span>
        <CompareBars now={measure(row.now)} whatIf={measure(row.whatIf)} most={most} tone={tone} />
      </th>
      <td data-title="Now">
        <Figures of={row.now} worth={worth} />
      </td>
      <td data-title="What if">
        <Figures of={row.whatIf} worth={worth} />
      </td>
      <td data-title="Difference">
        <Difference row={row} worth={worth} />
      </td>
      <td data-title="Journeys">
        <span class="num">{whole(row.journeys)}</span>
      </td>
    </tr>
  );
};

const Legend = () => (
  <ul class="legend">
    <li>
      <span class="dot pale" aria-hidden="true" />
      <span class="legend-label">Now, as the contracts in force decide</span>
    </li>
    <li>
      <span class="dot" aria-hidden="true" />
      <span class="legend-label">What if</span>
    </li>
  </ul>
);

/** Who is credited now and who would be, side by side; the house last. */
export const CreditedTwice = ({ page, who }: { readonly page: AttributionPage; readonly who: Who }) => {
  const worth = worthOf(page);
  const rows = rowsOf(page);
  const { shown, more } = useCut(rows, MOST, "all-payees");
  const most = Math.max(
    1,
    ...rows.flatMap(({ now, whatIf }) =>
      worth ? [now.valueMinor, whatIf.valueMinor] : [now.conversionsMicro, whatIf.conversionsMicro],
    ),
  );
  return (
    <Card title="Who is credited" aside={<Legend />} testid="credited-twice">
      <table class="table compared" aria-label="Credited under both models">
        <thead>
          <tr>
            <th scope="col">Payee</th>
            <th scope="col">Now</th>
            <th scope="col">What if</th>
            <th scope="col">Difference</th>
            <th scope="col">Journeys</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.payee} row={row} worth={worth} most={most} who={who} />
          ))}
        </tbody>
      </table>
      {more}
      {worth && (
        <p class="hint">
          Money here is what the conversions were worth to you, not what anybody is paid for them; beneath it stands how
          many they are.
        </p>
      )}
    </Card>
  );
};
