import { timesOf } from "../../../shared/pay/simulate.plot.ts";

const DOTS = 20;

/** A chance as dots of twenty: so many filled as it comes true in twenty tries. */
export const Dots = ({ micro, what }: { readonly micro: number; readonly what: string }) => {
  const filled = timesOf(micro, DOTS);
  return (
    <svg class="dots" viewBox={`0 0 ${DOTS * 12} 12`} role="img" aria-label={`${what}: ${filled} of ${DOTS}`}>
      {Array.from({ length: DOTS }, (_, index) => index).map((index) => (
        <circle key={index} class={index < filled ? "full" : "empty"} cx={index * 12 + 6} cy="6" r="4.5" />
      ))}
    </svg>
  );
};
