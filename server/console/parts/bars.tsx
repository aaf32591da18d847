import { locale, percent, whole } from "../kit/figures.ts";

/** One answer and how many gave it. */
export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly count: number;
}

const WHOLE_MICRO = 1_000_000;

const part = (count: number, total: number): number => (total === 0 ? 0 : count / total);

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly testid?: string;
}

/** Answers as lying bars: how many and what part of all. */
export const Bars = ({ bars, testid }: BarsProps) => {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  return (
    <ul class="bars" data-testid={testid}>
      {bars.map(({ key, label, count }) => (
        <li key={key} data-option={key} data-count={count}>
          <span class="bars-label">{label}</span>
          <span class="num">
            {whole(count)} <span class="quiet">· {percent(Math.round(part(count, total) * WHOLE_MICRO))}</span>
          </span>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="6" />
            <rect class="fill series-1 grows" width={part(count, total) * 100} height="6" />
          </svg>
        </li>
      ))}
    </ul>
  );
};

const WIDTH = 24;
const HEIGHT = 72;

const mean = (bars: readonly Bar[]): string | null => {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const sum = bars.reduce((all, { label, count }) => all + Number(label) * count, 0);
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(sum / total);
};

/** Answers from 0 to 10 as standing columns, with their mean. */
export const Columns = ({ bars, testid }: BarsProps) => {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const average = mean(bars);
  return (
    <div class="columns" data-testid={testid}>
      <svg
        viewBox={`0 0 ${bars.length * WIDTH} ${HEIGHT + 34}`}
        role="img"
        aria-label={bars.map(({ label, count }) => `${label}: ${count}`).join(", ")}
      >
        {bars.map(({ key, label, count }, index) => {
          const height = (count / most) * HEIGHT;
          return (
            <g key={key} data-option={key} data-count={count}>
              <rect class="track" x={index * WIDTH + 3} y={16} width={WIDTH - 6} height={HEIGHT} rx="3" />
              <rect
                class="fill series-1"
                x={index * WIDTH + 3}
                y={16 + HEIGHT - height}
                width={WIDTH - 6}
                height={height}
                rx="3"
              />
              <text x={index * WIDTH + WIDTH / 2} y={HEIGHT + 31} text-anchor="middle">
                {label}
              </text>
              {count > 0 && (
                <text class="strong" x={index * WIDTH + WIDTH / 2} y={12 + HEIGHT - height} text-anchor="middle">
                  {count}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      {average && (
        <p class="quiet">
          Mean <span class="num strong">{average}</span> of 10
        </p>
      )}
    </div>
  );
};
