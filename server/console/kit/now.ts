import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const TICK_MS = 30_000;

/** The time it is, kept up while the view is shown: what counts down needs no more than half a minute's care. */
export const useNow = (): ReadonlySignal<number> => {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
};
