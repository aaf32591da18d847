import type { Terms } from "../../../shared/contract/terms.ts";
import { day, results } from "../kit/figures.ts";
import type { PeriodStatement } from "../kit/wire.ts";
import { lineTitle } from "../kit/words.ts";
import { Meter } from "../parts/meter.tsx";
import { Amount, Badge, Card } from "../parts/small.tsx";

type Standing = NonNullable<PeriodStatement["guarantee"]>;

const states = {
  open: { title: "Open", tone: "info", says: "Still counting." },
  closed: { title: "Closed", tone: "plain", says: "Over: it never changes any more." },
} as const;

const met = { title: "Met", tone: "good", says: "The guaranteed results were delivered." } as const;
const missed = { title: "Missed", tone: "bad", says: "The period closed short of the guarantee." } as const;
const coming = { title: "Under way", tone: "info", says: "Not reached yet; the period is still open." } as const;
const standings = { open: coming, met, missed };
const tones = { open: "series-1", met: "good", missed: "bad" } as const;

const Guarantee = ({ it, terms }: { readonly it: Standing; readonly terms: Terms }) => {
  const enough = (it.target * (10_000 - (terms.guarantee?.toleranceBp ?? 0))) / 10_000;
  const have = it.volumeMicro / 1_000_000;
  return (
    <div class="guarantee" data-testid="guarantee" data-state={it.state}>
      <h3>
        Guarantee <Badge word={standings[it.state]} />
      </h3>
      <Meter
        what={`${results(it.volumeMicro)} of ${it.target} ${it.result}`}
        have={have}
        want={it.target}
        enough={enough}
        tone={tones[it.state]}
      >
        <p>
          <span class="num strong">{results(it.volumeMicro)}</span> of <span class="num">{it.target}</span> {it.result}
          {it.shortfallMicro > 0 && <span class="quiet"> · {results(it.shortfallMicro)} missing</span>}
        </p>
      </Meter>
    </div>
  );
};

const Exact = ({ exact }: { readonly exact: string }) =>
  exact.endsWith("/1") ? null : (
    <span class="mono quiet exact" title="The exact amount in minor units, before it was rounded, half to even">
      {exact}
    </span>
  );

const Lines = ({ period, currency }: { readonly period: PeriodStatement; readonly currency: string }) => (
  <table class="table lines">
    <tbody>
      {period.lines.map((line) => (
        <tr key={line.code + line.because + (line.conversion ?? "")} data-testid="statement-line" data-code={line.code}>
          <th scope="row">
            {lineTitle(line.code)}
            <p class="quiet">
              {line.because} {line.conversion && <a href={`/conversions/${line.conversion}`}>see it</a>}
            </p>
          </th>
          <td>
            <Exact exact={line.exact} />
            <Amount minor={line.amountMinor} currency={currency} testid="statement-line-amount" />
          </td>
        </tr>
      ))}
    </tbody>
    <tfoot>
      {(
        [
          ["Earned", period.earnedMinor, "period-earned"],
          ["Due", period.dueMinor, "period-due"],
          ["Carried to the next", period.carriedMinor, "period-carried"],
        ] as const
      ).map(([title, minor, testid]) => (
        <tr key={testid}>
          <th scope="row">{title}</th>
          <td>
            <Amount minor={minor} currency={currency} testid={testid} />
          </td>
        </tr>
      ))}
    </tfoot>
  </table>
);

interface PeriodProps {
  readonly period: PeriodStatement;
  readonly currency: string;
  readonly terms: Terms;
}

/** One period's money, line by line, each with its reason. */
export const Period = ({ period, currency, terms }: PeriodProps) => (
  <Card
    testid="period"
    title={`${day(period.starts)} – ${day(period.ends)}`}
    aside={<Badge word={states[period.state]} />}
  >
    <Lines period={period} currency={currency} />
    {period.guarantee && <Guarantee it={period.guarantee} terms={terms} />}
  </Card>
);
