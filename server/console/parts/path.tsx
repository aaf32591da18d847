import type { Who } from "../kit/attribution.ts";

const MOST_STEPS = 8;
const KEPT_EACH_END = 3;

/** The steps to show, each with its place; null stands for those left out in the middle. */
const shownOf = (steps: readonly string[]): readonly (readonly [number, string | null])[] => {
  const all = steps.map((step, place) => [place, step] as const);
  if (steps.length <= MOST_STEPS) return all;
  return [...all.slice(0, KEPT_EACH_END), [KEPT_EACH_END, null], ...all.slice(-KEPT_EACH_END)];
};

/** A way to a conversion: who led, one after the other. */
export const Path = ({ steps, who }: { readonly steps: readonly string[]; readonly who: Who }) => (
  <ol class="path" aria-label={steps.map((step) => who(step).label).join(", then ")}>
    {shownOf(steps).map(([place, step]) => {
      if (step === null)
        return (
          <li key={place} class="quiet">
            {steps.length - 2 * KEPT_EACH_END} more
          </li>
        );
      const { label, tone } = who(step);
      return (
        <li key={place} class="step" title={label}>
          <span class={`dot ${tone}`} aria-hidden="true" />
          <span class="step-name">{label}</span>
        </li>
      );
    })}
  </ol>
);
