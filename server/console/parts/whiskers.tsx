import type { ComponentChildren } from "preact";

/** A value that is not known exactly: where it seems to lie, and from where to where it may; `upper` null: without end. */
export interface Whisker {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly tone: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number | null;
  readonly written: ComponentChildren;
}

interface WhiskersProps {
  readonly what: string;
  readonly whiskers: readonly Whisker[];
  readonly from: number;
  readonly until: number;
  readonly write: (value: number) => string;
  /** A line to hold the values against, such as nothing. */
  readonly mark?: number;
  readonly testid?: string;
}

const TICKS = 4;
const STEPS = [1, 2, 2.5, 5, 10];

/** Round places for ticks between two values, about four of them. */
const ticksOf = (from: number, until: number): readonly number[] => {
  const wanted = (until - from) / TICKS;
  if (!(wanted > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = power * (STEPS.find((it) => it * power >= wanted) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(until / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
};

const HEIGHT = 24;

/** Values with their intervals, one under the other on one scale: a dot where each seems to be, a line as far as it may reach. */
export const Whiskers = ({ what, whiskers, from, until, write, mark, testid }: WhiskersProps) => {
  const place = (value: number): string =>
    `${Math.min(100, Math.max(0, ((value - from) / (until - from || 1)) * 100)).toFixed(2)}%`;
  const ticks = ticksOf(from, until);
  const isBare = whiskers.every(({ label }) => label === "");
  return (
    <div class={isBare ? "whiskers bare" : "whiskers"} data-testid={testid}>
      <ul aria-label={what}>
        {whiskers.map(({ key, label, tone, value, lower, upper, written }) => (
          <li key={key} data-testid="whisker" data-key={key}>
            {!isBare && <span class="whisker-label">{label}</span>}
            <svg height={HEIGHT} aria-hidden="true">
              {ticks.map((tick) => (
                <line key={tick} class="grid" x1={place(tick)} x2={place(tick)} y2={HEIGHT} />
              ))}
              {mark !== undefined && <line class="axis" x1={place(mark)} x2={place(mark)} y2={HEIGHT} />}
              <line class={`reach ${tone}`} x1={place(lower)} x2={place(upper ?? until)} y1="12" y2="12" />
              <line class={`reach ${tone}`} x1={place(lower)} x2={place(lower)} y1="7" y2="17" />
              {upper !== null && <line class={`reach ${tone}`} x1={place(upper)} x2={place(upper)} y1="7" y2="17" />}
              <circle class={`fill ${tone}`} cx={place(value)} cy="12" r="5.5" />
            </svg>
            {!isBare && <span class="whisker-written num">{written}</span>}
          </li>
        ))}
      </ul>
      <div class="whisker-axis">
        <svg height="16" aria-hidden="true">
          {ticks.map((tick) => (
            <text key={tick} x={place(tick)} y="12" text-anchor="middle">
              {write(tick)}
            </text>
          ))}
        </svg>
      </div>
    </div>
  );
};
