import type { Json } from "../../../shared/kit/canonical.ts";
import { dayOf, isTimeZone } from "../../../shared/kit/time.ts";

const dayText = (at: Date): string => at.toISOString().slice(0, 10);

const monthsOn = (today: string, months: number): string => {
  const [year = 1970, month = 1] = today.split("-").map(Number);
  return dayText(new Date(Date.UTC(year, month - 1 + months + 1, 0)));
};

/** Terms to begin with: everything said, nothing extreme. They run from `today` to the end of the second month after. */
export const blankTerms = (today: string, timeZone: string): Json => ({
  currency: "USD",
  timeZone: isTimeZone(timeZone) ? timeZone : "UTC",
  starts: today,
  ends: monthsOn(today, 2),
  period: "month",
  results: { lead: { counts: "verified" } },
  attribution: { model: "position", windowDays: 30, house: "included" },
  quality: { require: ["email"], duplicateDays: 90 },
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1200 }],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
  payout: { minimumMinor: 5000 },
  requires: { disclosure: "#ad" },
});

/** Today, by the clock of whoever drafts. */
export const todayIn = (at: number, timeZone: string): string => dayOf(at, isTimeZone(timeZone) ? timeZone : "UTC");
