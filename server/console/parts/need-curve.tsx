import type { Plan } from "../../../shared/judge/lift.ts";
import { sampleSize } from "../../../shared/judge/lift.ts";
import { signedPart } from "../kit/attribution.ts";
import { locale, whole } from "../kit/figures.ts";
import { useWidth } from "../kit/width.ts";

const USUAL_WIDTH = 520;
const HEIGHT = 200;
const MARGIN = { left: 62, right: 14, top: 14, bottom: 28 };
const POINTS = 60;
const ROOM = 80;
const BASIS = 10_000;

/** A lift, in 10 000ths, and how many people it takes to find it. */
interface Need {
  readonly liftBp: number;
  readonly people: number;
}

/** How many people in all a plan takes; nothing where no number would do. */
export const peopleOf = (plan: Plan): number | null => {
  const sizes = sampleSize(plan);
  return sizes && sizes.treated + sizes.held;
};

const needsOf = (plan: Plan, mostBp: number): readonly Need[] =>
  Array.from({ length: POINTS }, (_, index) => Math.round(((index + 1) / POINTS) * mostBp)).flatMap((liftBp) => {
    const people = peopleOf({ ...plan, liftBp });
    return people === null ? [] : [{ liftBp, people }];
  });

const short = (value: number): string => new Intl.NumberFormat(locale(), { notation: "compact" }).format(value);

interface NeedCurveProps {
  readonly plan: Plan;
  readonly mostBp: number;
}

/** How many people it takes to find a lift, over the lift: each step up is ten times as many. */
export const NeedCurve = ({ plan, mostBp }: NeedCurveProps) => {
  const { ref, width } = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const needs = needsOf(plan, mostBp);
  const here = peopleOf(plan);
  const logs = [...needs.map(({ people }) => people), here ?? 1].map((it) => Math.log10(Math.max(1, it)));
  const [low, high] = [Math.floor(Math.min(...logs)), Math.max(Math.ceil(Math.max(...logs)), 1)];
  const [right, bottom] = [width - MARGIN.right, HEIGHT - MARGIN.bottom];
  const x = (liftBp: number): number => MARGIN.left + (liftBp / mostBp) * (right - MARGIN.left);
  const y = (people: number): number =>
    bottom - ((Math.log10(Math.max(1, people)) - low) / (high - low || 1)) * (bottom - MARGIN.top);
  const powers = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const count = Math.max(2, Math.min(5, Math.floor((right - MARGIN.left) / ROOM)));
  const across = Array.from({ length: count }, (_, index) => Math.round(((index + 1) / count) * mostBp));
  const line = needs.map(
    (it, index) => `${index === 0 ? "M" : "L"}${x(it.liftBp).toFixed(1)} ${y(it.people).toFixed(1)}`,
  );
  const said = here === null ? "" : `: ${whole(here)} to find ${signedPart(plan.liftBp / BASIS)}`;
  return (
    <div ref={ref} class="plot">
      <svg width={width} height={HEIGHT} role="img" aria-label={`People needed, over the lift to find${said}`}>
        {powers.map((power, index) => (
          <g key={power}>
            <line class={index === 0 ? "axis" : "grid"} x1={MARGIN.left} x2={right} y1={y(power)} y2={y(power)} />
            <text x={MARGIN.left - 8} y={y(power) + 4} text-anchor="end">
              {short(power)}
            </text>
          </g>
        ))}
        {across.map((liftBp) => (
          <text key={liftBp} x={x(liftBp)} y={HEIGHT - 8} text-anchor={liftBp === mostBp ? "end" : "middle"}>
            {signedPart(liftBp / BASIS)}
          </text>
        ))}
        <path class="line" d={line.join("")} />
        {here !== null && (
          <g class="here">
            <line x1={x(plan.liftBp)} x2={x(plan.liftBp)} y1={MARGIN.top} y2={bottom} />
            <circle cx={x(plan.liftBp)} cy={y(here)} r="5" />
          </g>
        )}
      </svg>
    </div>
  );
};
