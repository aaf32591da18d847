import { ok, type Result, refuse } from "../kit/shape.ts";
import { addDays, type Day, periodsOf, startOfDay } from "../kit/time.ts";
import { type SignedVersion, todayOf } from "./contract.ts";
import type { Terms } from "./terms.ts";

const bad = (because: string) => refuse("bad-amendment", because);

/** The first day from which an amendment may count: no day that has begun, none at or before the start of the version before. */
const earliest = ({ terms }: SignedVersion, at: number): Day => {
  const today = todayOf(terms, at);
  const day = startOfDay(today, terms.timeZone) === at ? today : addDays(today, 1);
  return day > terms.starts ? day : addDays(terms.starts, 1);
};

const daysFor = ({ starts, ends, period, timeZone }: Terms, from: Day): readonly Day[] => {
  if (period === "flight") return from <= ends ? [from] : [];
  return periodsOf(starts, ends, period, timeZone)
    .map((it) => it.starts)
    .filter((day) => day >= from);
};

const fits = (present: SignedVersion, starts: Day, from: Day): boolean =>
  present.terms.period === "flight"
    ? from <= starts && starts <= present.terms.ends
    : daysFor(present.terms, from).includes(starts);

/** The next day on which an amendment of a contract may take effect, as of an instant; nothing when none is left. */
export const nextAmendmentDay = (present: SignedVersion, at: number): Day | undefined =>
  daysFor(present.terms, earliest(present, at))[0];

/**
 * May these terms follow the version signed last, as of an instant? They take effect on the first day of one of its
 * periods (of a flight, any later day) that has not begun yet, and keep its currency and time zone. Refuses
 * `bad-amendment`, naming the next possible day.
 */
export const checkAmendment = (present: SignedVersion, terms: Terms, at: number): Result<null> => {
  const { currency, timeZone, ends } = present.terms;
  if (terms.currency !== currency)
    return bad(`A contract keeps its currency, ${currency}. For another one, draft another contract.`);
  if (terms.timeZone !== timeZone)
    return bad(`A contract keeps its time zone, ${timeZone}. For another one, draft another contract.`);
  const next = nextAmendmentDay(present, at);
  if (next === undefined)
    return bad(
      `No period of this contract is left to begin: it ends on ${ends}. Draft another contract for what comes after.`,
    );
  if (fits(present, terms.starts, earliest(present, at))) return ok(null);
  const rule =
    present.terms.period === "flight"
      ? `on a day after today and up to its last one, ${ends}`
      : "on the first day of a period that has not begun yet";
  return bad(`New terms take effect ${rule}: ${terms.starts} is none. The next possible day is ${next}.`);
};
