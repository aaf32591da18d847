interface SparkProps {
  readonly values: readonly number[];
  readonly what: string;
}

const WIDTH = 120;
const HEIGHT = 32;

/** A few values in a row as a small line: the shape of a development, no axis. */
export const Spark = ({ values, what }: SparkProps) => {
  if (values.length < 2) return null;
  const low = Math.min(0, ...values);
  const span = Math.max(...values) - low || 1;
  const x = (index: number): number => 3 + (index / (values.length - 1)) * (WIDTH - 6);
  const y = (value: number): number => HEIGHT - 3 - ((value - low) / span) * (HEIGHT - 6);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={what}>
      <polyline points={points} />
      <circle cx={x(values.length - 1)} cy={y(values.at(-1) ?? 0)} r="2.5" />
    </svg>
  );
};
