/** How many fell between two values. */
export interface BinShown {
  readonly label: string;
  readonly count: number;
  readonly written: string;
}

interface BinsProps {
  readonly what: string;
  readonly bins: readonly BinShown[];
  readonly testid?: string;
}

const HEIGHT = 132;
const ROOF = 18;
const FLOOR = 20;
/** More labels than this stand too close on a phone, so every other one is left out there. */
const CROWDED = 7;

/** How many of each length there were, as standing columns with their counts. */
export const Bins = ({ what, bins, testid }: BinsProps) => {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const each = 100 / Math.max(1, bins.length);
  const plane = HEIGHT - ROOF - FLOOR;
  return (
    <svg
      class={bins.length > CROWDED ? "bins crowded" : "bins"}
      height={HEIGHT}
      role="img"
      aria-label={`${what}: ${bins.map(({ label, written }) => `${label}: ${written}`).join("; ")}`}
      data-testid={testid}
    >
      <line class="axis" x2="100%" y1={HEIGHT - FLOOR} y2={HEIGHT - FLOOR} />
      {bins.map(({ label, count, written }, index) => {
        const height = count > 0 ? Math.max(2, (count / most) * plane) : 0;
        const middle = `${(index + 0.5) * each}%`;
        return (
          <g key={label} data-count={count}>
            <title>{`${label}: ${written}`}</title>
            <rect class="hit" x={`${index * each}%`} width={`${each}%`} height={HEIGHT} />
            <rect
              class="fill series-1"
              x={`${(index + 0.1) * each}%`}
              y={HEIGHT - FLOOR - height}
              width={`${0.8 * each}%`}
              height={height}
              rx="2"
            />
            {count > 0 && (
              <text class="strong" x={middle} y={HEIGHT - FLOOR - height - 5} text-anchor="middle">
                {written}
              </text>
            )}
            <text class={index % 2 === 1 ? "second" : ""} x={middle} y={HEIGHT - 5} text-anchor="middle">
              {label}
            </text>
          </g>
        );
      })}
    </svg>
  );
};
