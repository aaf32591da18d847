import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../shared/kit/time.ts";
import { whole } from "../kit/figures.ts";

const some = (count: number, unit: string): string => `${whole(count)} ${unit}${count === 1 ? "" : "s"}`;

/** How long it is until then, in its two largest units: "6 days 4 hours". Nothing once it is over. */
export const timeLeft = (until: number, now: number): string | null => {
  const left = until - now;
  if (left <= 0) return null;
  const [days, hours] = [Math.floor(left / DAY_MS), Math.floor((left % DAY_MS) / HOUR_MS)];
  if (days > 0) return hours > 0 ? `${some(days, "day")} ${some(hours, "hour")}` : some(days, "day");
  const minutes = Math.floor((left % HOUR_MS) / MINUTE_MS);
  if (hours > 0) return minutes > 0 ? `${some(hours, "hour")} ${some(minutes, "minute")}` : some(hours, "hour");
  return minutes > 0 ? some(minutes, "minute") : "less than a minute";
};

/** The time left until a deadline, kept up to date. */
export const Countdown = ({ until }: { readonly until: number }) => {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), MINUTE_MS / 2);
    return () => clearInterval(timer);
  }, [until]);
  const left = timeLeft(until, now.value);
  return (
    <span class={`countdown num${until - now.value < 2 * DAY_MS ? " soon" : ""}`} data-testid="countdown">
      {left === null ? "time is up" : `${left} left`}
    </span>
  );
};
