import type { ComponentChildren } from "preact";

interface MeterProps {
  readonly what: string;
  /** How far, and how far it should go, in one unit. */
  readonly have: number;
  readonly want: number;
  /** A mark below the goal that already suffices. */
  readonly enough?: number;
  readonly tone?: "good" | "warn" | "bad" | "series-1";
  readonly children?: ComponentChildren;
}

/** Progress towards a goal, with a mark where less than the goal already suffices. */
export const Meter = ({ what, have, want, enough, tone = "series-1", children }: MeterProps) => {
  const reach = Math.max(want, have, 1);
  const place = (value: number): number => (value / reach) * 1000;
  return (
    <div class="meter">
      <svg viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label={what}>
        <rect class="track" y="1" width="1000" height="12" />
        <rect class={`fill grows ${tone}`} y="1" width={place(have)} height="12" />
        {have > want && <rect class="mark" x={place(want) - 2} width="4" height="14" />}
        {enough !== undefined && enough < want && <rect class="mark" x={place(enough) - 2} width="4" height="14" />}
      </svg>
      {children}
    </div>
  );
};
