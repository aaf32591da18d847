import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const SPAN_MS = 450;

const still = (): boolean => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;

interface MovingProps {
  readonly value: number;
  readonly write: (value: number) => string;
  readonly testid?: string;
}

/** A number that glides to its new value instead of jumping. `data-value` is always the true one. */
export const Moving = ({ value, write, testid }: MovingProps) => {
  const shown = useSignal(value);
  useEffect(() => {
    const from = shown.peek();
    if (from === value) return undefined;
    if (still()) {
      shown.value = value;
      return undefined;
    }
    let frame = 0;
    const began = performance.now();
    const step = (now: number): void => {
      const part = Math.min(1, Math.max(0, now - began) / SPAN_MS);
      const eased = 1 - (1 - part) ** 3;
      shown.value = part === 1 ? value : Math.round(from + (value - from) * eased);
      if (part < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [value]);
  return (
    <span class="num" data-value={value} data-testid={testid}>
      {write(shown.value)}
    </span>
  );
};
