import { useSignal } from "@preact/signals";
import type { Curve, Point } from "../../../shared/pay/simulate.curve.ts";
import { type CurvePlot, curvePlot, markTitles } from "../../../shared/pay/simulate.plot.ts";
import { money, shortMoney, whole } from "../kit/figures.ts";
import { useWidth } from "../kit/width.ts";

const USUAL_WIDTH = 520;
const HEIGHT = 220;
const MARGIN = { left: 58, right: 12, top: 12, bottom: 26 };

const nearest = (points: readonly Point[], volume: number): Point | undefined =>
  points.reduce<Point | undefined>(
    (best, it) => (best && Math.abs(best.volume - volume) <= Math.abs(it.volume - volume) ? best : it),
    undefined,
  );

/** What one volume pays, in a sentence. */
const saidOf = (
  { volume, amountMinor, remedyMinor, cutMinor }: Point,
  { result, terms: { currency } }: Curve,
): string => {
  const each = volume > 0 ? `, ${money(Math.round(amountMinor / volume), currency)} each` : "";
  const less = [
    remedyMinor > 0 ? `${money(remedyMinor, currency)} less for the guarantee` : "",
    cutMinor > 0 ? `${money(cutMinor, currency)} cut by caps` : "",
  ].filter((it) => it !== "");
  const why = less.length > 0 ? ` (${less.join(", ")})` : "";
  return `${whole(volume)} ${result}: ${money(amountMinor, currency)}${each}${why}`;
};

interface Drawn {
  readonly curve: Curve;
  readonly plot: CurvePlot;
  readonly width: number;
}

const Grid = ({ curve, plot, width }: Drawn) => (
  <g>
    {plot.up.map((value) => (
      <g key={value}>
        <line
          class={value === 0 ? "axis" : "grid"}
          x1={MARGIN.left}
          x2={width - MARGIN.right}
          y1={plot.y(value)}
          y2={plot.y(value)}
        />
        <text x={MARGIN.left - 8} y={plot.y(value) + 4} text-anchor="end">
          {shortMoney(value, curve.terms.currency)}
        </text>
      </g>
    ))}
    {plot.across.map((value) => (
      <text key={value} x={plot.x(value)} y={HEIGHT - 8} text-anchor="middle">
        {whole(value)}
      </text>
    ))}
  </g>
);

const Marks = ({ curve, plot }: Drawn) => (
  <g>
    {plot.marks.map(({ x, kind, at }) => (
      <line key={kind + at} class={`mark ${kind}`} x1={x} x2={x} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
    ))}
    {curve.falls.map(({ volume }) => (
      <circle
        key={volume}
        class="fall"
        cx={plot.x(volume)}
        cy={plot.y(nearest(curve.points, volume)?.amountMinor ?? 0)}
        r="5"
      />
    ))}
  </g>
);

const Here = ({ plot, point }: Drawn & { readonly point: Point }) => (
  <g class="here">
    <line x1={plot.x(point.volume)} x2={plot.x(point.volume)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
    <circle cx={plot.x(point.volume)} cy={plot.y(point.amountMinor)} r="4.5" />
  </g>
);

const Legend = ({ plot }: { readonly plot: CurvePlot }) => (
  <ul class="marks">
    {plot.marks.map(({ volume, kind, at }) => (
      <li key={kind + at} data-mark={kind} data-volume={volume}>
        <span class={`mark-key ${kind}`} /> <span class="num">{whole(volume)}</span> {markTitles[kind]}
      </li>
    ))}
  </ul>
);

interface CurveChartProps {
  readonly curve: Curve;
  /** The volume read out until another is pointed at. */
  readonly expected: number;
  readonly testid?: string;
}

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

/** Pay over the volume of one result. Pointing at it, or the arrow keys, read out any volume. */
export const CurveChart = ({ curve, expected, testid }: CurveChartProps) => {
  const { ref, width } = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const pointed = useSignal<number | null>(null);
  const most = curve.points.at(-1)?.volume ?? 0;
  const point = nearest(curve.points, Math.min(pointed.value ?? expected, most));
  const plane = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom };
  const plot = curvePlot(curve, plane);
  if (!point) return null;
  const drawn = { curve, plot, width };
  const move = (by: number): void => {
    const place = curve.points.indexOf(point) + by;
    pointed.value = curve.points[Math.min(curve.points.length - 1, Math.max(0, place))]?.volume ?? null;
  };
  return (
    <div class="curve" data-testid={testid}>
      <div
        ref={ref}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={`Pay for ${curve.result}`}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={point.volume}
        aria-valuetext={saidOf(point, curve)}
        data-points={curve.points.length}
        onKeyDown={(event) => {
          const by = steps[event.key];
          if (by === undefined) return;
          event.preventDefault();
          move(by);
        }}
        onPointerMove={(event) => {
          const { left } = event.currentTarget.getBoundingClientRect();
          const part = (event.clientX - left - plane.left) / (plane.right - plane.left);
          pointed.value = Math.round(Math.min(1, Math.max(0, part)) * most);
        }}
        onPointerLeave={() => (pointed.value = null)}
      >
        <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
          <Grid {...drawn} />
          <path class="area" d={plot.area} />
          <Marks {...drawn} />
          <path class="line" d={plot.line} />
          <Here {...drawn} point={point} />
        </svg>
      </div>
      <p class="readout" data-testid="curve-readout" data-volume={point.volume} data-minor={point.amountMinor}>
        {saidOf(point, curve)}
      </p>
      <Legend plot={plot} />
    </div>
  );
};
