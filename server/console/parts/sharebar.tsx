/** One part of a whole: `micro` millionths of it, or any weight. `tone` is a class of the style sheet: `series-1`, `house`, `good`, … */
export interface Part {
  readonly key: string;
  readonly label: string;
  readonly weight: number;
  readonly written: string;
  readonly tone: string;
  readonly testid?: string;
  readonly exact?: number;
  readonly says?: string;
}

interface ShareBarProps {
  readonly parts: readonly Part[];
  readonly what: string;
  readonly legend?: boolean;
}

interface Piece {
  readonly part: Part;
  readonly from: number;
  readonly width: number;
}

const pieces = (parts: readonly Part[]): readonly Piece[] => {
  const total = parts.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
  let from = 0;
  return parts.map((part) => {
    const width = total === 0 ? 0 : (Math.max(0, part.weight) / total) * 1000;
    const piece = { part, from, width };
    from += width;
    return piece;
  });
};

const Bar = ({ parts, what }: ShareBarProps) => (
  <svg
    class="sharebar"
    viewBox="0 0 1000 12"
    preserveAspectRatio="none"
    role="img"
    aria-label={`${what}: ${parts.map(({ label, written }) => `${label} ${written}`).join(", ")}`}
  >
    <rect class="track" width="1000" height="12" />
    {pieces(parts).map(({ part, from, width }) => (
      <rect key={part.key} class={`fill ${part.tone}`} x={from} width={width} height="12" />
    ))}
  </svg>
);

/** A whole and its parts as one bar, with a legend that says each part in words and figures. */
export const ShareBar = ({ parts, what, legend = true }: ShareBarProps) => (
  <div class="sharebar-box">
    <Bar parts={parts} what={what} />
    {legend && (
      <ul class="legend">
        {parts.map(({ key, label, written, tone, testid, exact, says }) => (
          <li key={key} title={says}>
            <span class={`dot ${tone}`} />
            <span class="legend-label">{label}</span>
            <span class="num" data-testid={testid} data-exact={exact}>
              {written}
            </span>
          </li>
        ))}
      </ul>
    )}
  </div>
);

const SERIES = 6;

/** The colour of the n-th part; the house is always grey. */
export const toneOf = (index: number): string => `series-${(index % SERIES) + 1}`;
