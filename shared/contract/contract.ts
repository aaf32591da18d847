import { addDays, dayOf, startOfDay } from "../kit/time.ts";
import { afterlifeMs } from "../pay/deal.ts";
import type { SignEvidence } from "./record.ts";
import type { Terms } from "./terms.ts";

/** The two who sign. */
export type Party = "brand" | "influencer";

/** The other side. */
export const otherParty = (party: Party): Party => (party === "brand" ? "influencer" : "brand");

/** Why somebody says no to what was proposed; what else they want to say is kept apart from facts. */
export const declineReasons = ["pay", "terms", "dates", "no-time", "not-a-fit", "other"] as const;
/** One of `declineReasons`. */
export type DeclineReason = (typeof declineReasons)[number];

/** Why somebody ends a contract before its last day. */
export const noticeReasons = ["pay", "results", "plans-changed", "breach", "other"] as const;
/** One of `noticeReasons`. */
export type NoticeReason = (typeof noticeReasons)[number];

/** How long before an offer expires both sides are reminded of it, in hours. */
export const reminderHours = [72, 24] as const;

/** Days an offer stands when it does not say. */
export const OFFER_DAYS = 30;
/** The most days an offer may stand. */
export const MOST_OFFER_DAYS = 90;
/** The most versions of its terms one contract may see, signed or not: each is kept, and told with it, for good. */
export const MOST_VERSIONS = 200;
/** Days of notice when the terms do not say. */
export const NOTICE_DAYS = 14;

interface Named {
  readonly contract: string;
}
interface Numbered extends Named {
  readonly version: number;
}
/** Terms put on the table. `wording` is the version of the text that both will read and sign. */
interface Put extends Numbered {
  readonly by: Party;
  readonly terms: Terms;
  readonly termsHash: string;
  readonly at: number;
  readonly expiresAt: number;
  readonly wording: string;
}

/** Facts of a contract's life. Names and free text are kept apart from facts, so that they can be erased. */
export type ContractFact =
  | (Numbered & {
      readonly type: "contract-drafted";
      readonly campaign: string;
      readonly influencer: string;
      readonly terms: Terms;
      readonly termsHash: string;
    })
  | (Numbered & {
      readonly type: "contract-offered";
      readonly at?: number | undefined;
      readonly expiresAt?: number | undefined;
      readonly wording?: string | undefined;
    })
  | (Put & { readonly type: "contract-countered" })
  | (Put & { readonly type: "contract-amendment-proposed" })
  | (Numbered &
      Partial<SignEvidence> & {
        readonly type: "contract-signed";
        readonly by: Party;
        readonly termsHash: string;
        readonly consent: string;
      })
  | (Numbered & { readonly type: "contract-started"; readonly at?: number | undefined })
  | (Numbered & { readonly type: "contract-amended"; readonly at: number })
  | (Numbered & { readonly type: "contract-declined"; readonly by: Party; readonly reason: DeclineReason })
  | (Numbered & { readonly type: "contract-withdrawn"; readonly by: Party })
  | (Numbered & { readonly type: "contract-expired" })
  | (Numbered & { readonly type: "contract-reminded"; readonly hours: number })
  /** `asked` is the last day that was asked for, `lastDay` the one this notice brings about by itself; null: it ends no earlier. */
  | (Named & {
      readonly type: "contract-notice-given";
      readonly by: Party;
      readonly asked: string;
      readonly lastDay: string | null;
      readonly at: number;
      readonly reason?: NoticeReason | undefined;
    })
  | (Named & { readonly type: "contract-notice-agreed"; readonly by: Party; readonly lastDay: string })
  | (Named & { readonly type: "contract-terminated"; readonly lastDay: string })
  | (Named & { readonly type: "contract-completed" })
  | (Named & { readonly type: "contract-review-due"; readonly year: number })
  | (Named & { readonly type: "contract-reviewed"; readonly by: Party; readonly year: number });

/** Where a contract is in its life. */
export const contractStatuses = [
  "drafted",
  "offered",
  "running",
  "completed",
  "terminated",
  "declined",
  "withdrawn",
  "expired",
] as const;
/** Where a contract is in its life; `none` before it is drafted. */
export type ContractStatus = "none" | (typeof contractStatuses)[number];

/** A version of the terms that both have signed. `startedAt` is when the second signed; when it takes effect, its terms say. */
export interface SignedVersion {
  readonly version: number;
  readonly terms: Terms;
  readonly termsHash: string;
  readonly startedAt: number;
  readonly wording: string;
}

/** Terms on the table: an offer, a counter-offer, or an amendment of a running contract. */
export interface Proposal {
  readonly version: number;
  readonly terms: Terms;
  readonly termsHash: string;
  readonly by: Party;
  readonly signedBy: readonly Party[];
  /** Null for an offer from before offers expired. */
  readonly expiresAt: number | null;
  readonly proposedAt: number;
  readonly wording: string;
  /** Hours of the reminders sent already. */
  readonly reminded: readonly number[];
}

/** A notice: who gave it and when, and the last day they asked for. Which day it is, `lastDay` of the contract says. */
export interface Notice {
  readonly by: Party;
  readonly lastDay: string;
  readonly at: number;
}

/** A contract as its facts have made it. */
export interface ContractState {
  readonly status: ContractStatus;
  readonly contract: string;
  readonly campaign: string;
  readonly influencer: string;
  /** The version signed last, or while nothing is signed the one drafted or on the table; so too `terms` and `termsHash`. */
  readonly version: number;
  readonly terms: Terms | null;
  readonly termsHash: string;
  /** Who has signed that version. */
  readonly signedBy: readonly Party[];
  /** Signed by both, in order. */
  readonly versions: readonly SignedVersion[];
  readonly proposal: Proposal | null;
  /** The last day, where it is earlier than the terms say. */
  readonly lastDay: string | null;
  readonly notice: Notice | null;
  /** The highest version there ever was on the table. */
  readonly latest: number;
  /** The yearly review: how many have fallen due, and whether the last of them still waits. */
  readonly review: { readonly year: number; readonly due: boolean };
}

/** The instant a contract's last day is over, in ms since 1970. */
export const endOf = (terms: Terms): number => startOfDay(addDays(terms.ends, 1), terms.timeZone);

const beginOf = (terms: Terms): number => startOfDay(terms.starts, terms.timeZone);

/** A signed version and the instants in which it decides: `until` does not belong to them. */
export interface InForce extends SignedVersion {
  readonly from: number;
  readonly until: number;
}

/**
 * The signed versions of a contract and when each decides: from its first day until the next one starts, or its own last
 * day or the contract's early one is over. One that never comes to decide is left out.
 */
export const inForce = ({ versions, lastDay }: Pick<ContractState, "versions" | "lastDay">): readonly InForce[] =>
  versions.flatMap((it, place) => {
    const next = versions[place + 1];
    const limits = [
      endOf(it.terms),
      ...(next ? [beginOf(next.terms)] : []),
      ...(lastDay === null ? [] : [startOfDay(addDays(lastDay, 1), it.terms.timeZone)]),
    ];
    const [from, until] = [beginOf(it.terms), Math.min(...limits)];
    return from < until ? [{ ...it, from, until }] : [];
  });

/**
 * When a contract's life is over: the end of its last day, and of every window in which a shortfall may be made good.
 * Until then its links work and results are evidence. Nothing for a contract that nobody has signed.
 */
export const overAt = (state: Pick<ContractState, "versions" | "lastDay">): number | undefined => {
  const first = state.versions[0];
  if (!first) return undefined;
  const ends = inForce(state).map(({ terms, until }) => until + afterlifeMs(terms));
  // Ended before it ever began, a contract is over when its last day is.
  const early = startOfDay(addDays(state.lastDay ?? first.terms.ends, 1), first.terms.timeZone);
  return ends.length === 0 ? early : Math.max(...ends);
};

/**
 * The signed version that decides what happens at an instant; while a shortfall may still be made good after the last
 * day, the one that was in force last. Nothing before the first day, and once the contract is over.
 */
export const versionAt = (
  state: Pick<ContractState, "versions" | "lastDay">,
  at: number,
): SignedVersion | undefined => {
  const all = inForce(state);
  const held = all.find(({ from, until }) => from <= at && at < until);
  if (held) return held;
  const last = all.at(-1);
  return last && last.until <= at && at < (overAt(state) ?? 0) ? last : undefined;
};

/**
 * Does a contract cover this instant? For terms: do their days, local and inclusive? For a contract: does one of its signed
 * versions decide it?
 */
export const covers = (it: Terms | Pick<ContractState, "versions" | "lastDay">, at: number): boolean =>
  "versions" in it ? versionAt(it, at) !== undefined : beginOf(it) <= at && at < endOf(it);

/** The local day it is for a contract. */
export const todayOf = (terms: Terms, at: number): string => dayOf(at, terms.timeZone);

const anniversary = (day: string, years: number): string => {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, "0");
  // The 29th of February comes back as the 1st of March.
  return day.endsWith("-02-29") ? `${year}-03-01` : `${year}${day.slice(4)}`;
};

/** When the yearly review of a contract falls due for the `year`th time: that many years after it began to run. */
export const reviewAt = ({ versions }: Pick<ContractState, "versions">, year: number): number | undefined => {
  const first = versions[0];
  if (!first) return undefined;
  const began = Math.max(first.startedAt, beginOf(first.terms));
  return startOfDay(anniversary(todayOf(first.terms, began), year), first.terms.timeZone);
};

/** Nothing yet: the state before the first fact. */
export const noContract: ContractState = {
  status: "none",
  contract: "",
  campaign: "",
  influencer: "",
  version: 0,
  terms: null,
  termsHash: "",
  signedBy: [],
  versions: [],
  proposal: null,
  lastDay: null,
  notice: null,
  latest: 0,
  review: { year: 0, due: false },
};
