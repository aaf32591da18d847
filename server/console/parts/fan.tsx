import { fanPlot } from "../../../shared/pay/simulate.plot.ts";
import type { PeriodPicture } from "../../../shared/pay/simulate.ts";
import { day, money, shortMoney } from "../kit/figures.ts";
import { useWidth } from "../kit/width.ts";

const USUAL_WIDTH = 520;
const HEIGHT = 160;
const MARGIN = { left: 58, right: 12, top: 10, bottom: 26 };
const MOST_NAMES = 4;
const ROOM = 110;

interface FanProps {
  readonly periods: readonly PeriodPicture[];
  readonly currency: string;
}

const saidOf = ({ ends, soFarMinor: { p10, p50, p90 } }: PeriodPicture, currency: string): string =>
  `by ${day(ends)} ${money(p50, currency)}, within ${money(p10, currency)} and ${money(p90, currency)}`;

/** What has been earned by the end of each period: the middle as a line, eight runs of ten as the band that opens around it. */
export const Fan = ({ periods, currency }: FanProps) => {
  const { ref, width } = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const right = width - MARGIN.right;
  const plot = fanPlot(periods, { left: MARGIN.left, right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom });
  const every = Math.ceil(periods.length / Math.max(1, Math.min(MOST_NAMES, Math.floor(width / ROOM))));
  const last = periods.length - 1;
  return (
    <div ref={ref} class="plot">
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`Earned ${periods.map((it) => saidOf(it, currency)).join("; ")}`}
        data-testid="fan"
      >
        {plot.up.map((value) => (
          <g key={value}>
            <line
              class={value === 0 ? "axis" : "grid"}
              x1={MARGIN.left}
              x2={right}
              y1={plot.y(value)}
              y2={plot.y(value)}
            />
            <text x={MARGIN.left - 8} y={plot.y(value) + 4} text-anchor="end">
              {shortMoney(value, currency)}
            </text>
          </g>
        ))}
        <path class="band" d={plot.band} />
        <path class="line" d={plot.middle} />
        {periods.map(
          ({ ends }, index) =>
            (last - index) % every === 0 && (
              <text key={ends} x={plot.places[index]} y={HEIGHT - 8} text-anchor="end">
                {day(ends)}
              </text>
            ),
        )}
      </svg>
    </div>
  );
};
