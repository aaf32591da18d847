import type { Bin } from "../../../shared/pay/simulate.ts";
import { money } from "../kit/figures.ts";

interface HistogramProps {
  readonly bins: readonly Bin[];
  readonly currency: string;
}

const HEIGHT = 44;

/** How often each total comes, as columns; the least and the most it came to below. */
export const Histogram = ({ bins, currency }: HistogramProps) => {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const ends = `${money(bins[0]?.fromMinor ?? 0, currency)} – ${money(bins.at(-1)?.untilMinor ?? 0, currency)}`;
  return (
    <div class="histogram">
      <svg
        class="columns-of-totals"
        viewBox={`0 0 ${bins.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Totals from ${ends}`}
      >
        {bins.map(({ fromMinor, count }, index) => {
          const height = Math.max(count > 0 ? 1 : 0, (count / most) * HEIGHT);
          return (
            <rect
              key={fromMinor}
              class="fill series-1"
              x={index * 10 + 1}
              y={HEIGHT - height}
              width="8"
              height={height}
            />
          );
        })}
      </svg>
      <p class="quiet ends">
        <span>{money(bins[0]?.fromMinor ?? 0, currency)}</span>
        <span>{money(bins.at(-1)?.untilMinor ?? 0, currency)}</span>
      </p>
    </div>
  );
};
