import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../shared/kit/time.ts";
import { locale } from "../kit/figures.ts";
import { useNow } from "../kit/now.ts";

const written = (leftMs: number): string => {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "always" });
  if (leftMs >= 2 * DAY_MS) return format.format(Math.floor(leftMs / DAY_MS), "day");
  if (leftMs >= 2 * HOUR_MS) return format.format(Math.floor(leftMs / HOUR_MS), "hour");
  return format.format(Math.max(1, Math.ceil(leftMs / MINUTE_MS)), "minute");
};

const SOON_MS = 3 * DAY_MS;

/** How long it is until an instant: "in 12 days". The last three days are told in another tone, and what is over says so. */
export const Left = ({ until, over }: { readonly until: number; readonly over: string }) => {
  const leftMs = until - useNow().value;
  if (leftMs <= 0) return <strong class="bad-text">{over}</strong>;
  return <strong class={leftMs < SOON_MS ? "warn-text" : ""}>{written(leftMs)}</strong>;
};
