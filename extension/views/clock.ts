import { signal } from "@preact/signals";

/** The time, as of the last tick. */
export const now = signal(Date.now());

/** Let the clock tick until the returned function is called. */
export const startClock = (): (() => void) => {
  const ticking = setInterval(() => {
    now.value = Date.now();
  }, 10_000);
  return () => clearInterval(ticking);
};
