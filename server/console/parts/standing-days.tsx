import { useSignal } from "@preact/signals";
import { MOST_OFFER_DAYS, OFFER_DAYS } from "../../../shared/contract/contract.ts";
import { DAY_MS } from "../../../shared/kit/time.ts";
import { moment } from "../kit/figures.ts";
import { TextBox } from "./field.tsx";

/** How many days something stands, as typed: a whole number from 1 to 90, or nothing. */
const daysIn = (text: string): number | null => {
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= MOST_OFFER_DAYS ? days : null;
};

/** The days an offer stands, being written. */
export const useStandingDays = () => {
  const text = useSignal(String(OFFER_DAYS));
  return { text, days: daysIn(text.value) };
};

interface StandingDaysProps {
  readonly of: ReturnType<typeof useStandingDays>;
  readonly problem?: string | undefined;
}

/** For how many days an offer stands before it expires by itself. */
export const StandingDays = ({ of: { text, days }, problem }: StandingDaysProps) => (
  <TextBox
    label="Stands for days"
    inputMode="numeric"
    value={text.value}
    onInput={(typed) => (text.value = typed)}
    hint={days === null ? undefined : `It expires ${moment(Date.now() + days * DAY_MS)}, unless both have signed.`}
    problem={days === null ? `Write a whole number of days from 1 to ${MOST_OFFER_DAYS}.` : problem}
    testid="offer-days"
  />
);
