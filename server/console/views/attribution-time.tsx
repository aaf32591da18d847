import { partly } from "../kit/attribution.ts";
import { whole } from "../kit/figures.ts";
import type { AttributionBar, AttributionPage } from "../kit/wire.ts";
import { Behind } from "../parts/behind.tsx";
import { Bins } from "../parts/bins.tsx";
import { Card } from "../parts/small.tsx";

const labelOf = ({ from, until }: AttributionBar): string => {
  if (until === null) return `${whole(from)}+`;
  return until - from <= 1 ? whole(from) : `${whole(from)}–${whole(until - 1)}`;
};

interface HalfProps {
  readonly title: string;
  readonly says: string;
  readonly unit: string;
  readonly bars: readonly AttributionBar[];
  readonly testid: string;
}

/** The bars up to the last that has something, so that nothing but emptiness is cut off. */
const trimmed = (bars: readonly AttributionBar[]): readonly AttributionBar[] =>
  bars.slice(0, bars.findLastIndex(({ conversions }) => conversions > 0) + 1);

const Half = ({ title, says, unit, bars, testid }: HalfProps) => {
  const shown = trimmed(bars);
  const total = shown.reduce((sum, { conversions }) => sum + conversions, 0);
  return (
    <div class="picture">
      <h3>{title}</h3>
      <p class="quiet">{says}</p>
      {total === 0 ? (
        <p class="quiet">Nothing yet.</p>
      ) : (
        <>
          <Bins
            what={title}
            bins={shown.map((it) => ({
              label: labelOf(it),
              count: it.conversions,
              written: whole(it.conversions),
            }))}
            testid={testid}
          />
          <p class="axis-title">{unit}</p>
          <Behind
            what={title}
            heads={[unit, "Conversions", "Part"]}
            rows={shown.map((it) => [labelOf(it), whole(it.conversions), partly(it.conversions / total)])}
          />
        </>
      )}
    </div>
  );
};

/** How long people take to convert, and how often they come before. */
export const TimeAndLength = ({ page }: { readonly page: AttributionPage }) => (
  <Card title="How long it takes" testid="time">
    <div class="halves">
      <Half
        title="Time to convert"
        says="A window shorter than this leaves out whoever came first."
        unit="Days from the first touch to the conversion"
        bars={page.lags}
        testid="lags"
      />
      <Half
        title="Path length"
        says="Where one touch is the rule, models hardly differ."
        unit="Touches before the conversion"
        bars={page.lengths}
        testid="lengths"
      />
    </div>
  </Card>
);
