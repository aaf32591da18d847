import { HOUSE, type Touch } from "../journey/touch.ts";
import { DAY_MS, MINUTE_MS } from "../kit/time.ts";

/** How long one sitting lasts after its latest touch, in ms: closer touches of one payee through one link are one. */
export const SITTING_MS = 30 * MINUTE_MS;

/** Why a touch takes part in a journey or does not, as a sentence to show; the keys are the codes. */
export const reasons = {
  counted: "It lies inside the window and counts.",
  "before-window": "It is older than the attribution window.",
  "after-conversion": "It came after the conversion.",
  "repeat-within-30-minutes": "It repeats the touch before it, through the same link, within 30 minutes.",
  "same-session": "It is a page visit in a session that another touch, at most 30 minutes before, began.",
  "house-excluded": "The terms leave the brand's own traffic out.",
  "view-not-counted": "It was only seen, and the terms do not count that, or not so long before.",
  "before-earlier-conversion": "It led to an earlier conversion, after which the journey starts anew.",
} as const;

/** One of the codes of `reasons`. */
export type Reason = keyof typeof reasons;

/** One touch of the evidence and what became of it. */
export interface Heard {
  readonly touch: Touch;
  readonly because: Reason;
}

/**
 * The terms a journey depends on; `windowDays` and `viewDays` are days of 24 hours of elapsed time, and may be fractions.
 * Without `viewDays` nothing counts that was only seen. With `since`, an instant, nothing counts up to then.
 */
export interface JourneyTerms {
  readonly windowDays: number;
  readonly house: "included" | "excluded";
  readonly viewDays?: number | undefined;
  readonly since?: number | undefined;
}

const inOrder = (a: Touch, b: Touch): number => {
  if (a.at !== b.at) return a.at - b.at;
  if (a.order !== b.order) return a.order - b.order;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
};

const distinct = (sorted: readonly Touch[]): readonly Touch[] => {
  const seen = new Set<string>();
  return sorted.filter(({ id }) => !seen.has(id) && seen.add(id));
};

/** The last touch that counted, when its own run was last continued, and when its session was last visited. */
interface Standing {
  readonly touch: Touch;
  repeatedAt: number;
  visitedAt: number;
}

const repeats = (touch: Touch, { touch: stands, repeatedAt }: Standing): boolean =>
  touch.payee === stands.payee && touch.link === stands.link && touch.at - repeatedAt <= SITTING_MS;

const sittings = (touches: readonly Touch[]): readonly Heard[] => {
  let standing: Standing | undefined;
  return touches.map((touch): Heard => {
    const isHouseVisit = touch.payee === HOUSE && touch.kind === "visit";
    if (standing !== undefined && isHouseVisit && touch.at - standing.visitedAt <= SITTING_MS) {
      standing.visitedAt = touch.at;
      return { touch, because: "same-session" };
    }
    if (standing !== undefined && !isHouseVisit && repeats(touch, standing)) {
      standing.repeatedAt = touch.at;
      return { touch, because: "repeat-within-30-minutes" };
    }
    standing = { touch, repeatedAt: touch.at, visitedAt: touch.at };
    return { touch, because: "counted" };
  });
};

/**
 * What becomes of each touch on the way to a conversion at `at`, in the order (instant, order taken in, id).
 * Touches with one id are one touch, the earliest. The window is `at` − windowDays × 24 h to `at`, both ends closed.
 * Inside it, consecutive touches of one payee through one link within 30 minutes of the latest of them are one, the
 * first. A house visit within 30 minutes of the last counted touch, or of a visit already in that touch's session, is
 * part of the session; repeats do not lengthen it, so clicking one's own link again cannot silence the house.
 */
export const journeyTo = (at: number, touches: readonly Touch[], terms: JourneyTerms): readonly Heard[] => {
  const opensAt = at - Math.round(terms.windowDays * DAY_MS);
  const seenFrom = terms.viewDays === undefined ? undefined : at - Math.round(terms.viewDays * DAY_MS);
  const sorted = distinct([...touches].sort(inOrder));
  const left = (touch: Touch): Reason | undefined => {
    if (touch.at < opensAt) return "before-window";
    if (touch.at > at) return "after-conversion";
    if (terms.since !== undefined && touch.at <= terms.since) return "before-earlier-conversion";
    if (touch.kind === "view" && (seenFrom === undefined || touch.at < seenFrom)) return "view-not-counted";
    return touch.payee === HOUSE && terms.house === "excluded" ? "house-excluded" : undefined;
  };
  const eligible = sittings(sorted.filter((touch) => left(touch) === undefined));
  const judged = new Map(eligible.map((heard) => [heard.touch, heard] as const));
  return sorted.map((touch) => judged.get(touch) ?? { touch, because: left(touch) ?? "counted" });
};
