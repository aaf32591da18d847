import type { DisputeState } from "../../shared/contract/dispute.ts";

/** `dispute/{id}` */
export interface DisputeDoc extends DisputeState {
  readonly openedAt: number;
  /** The keys under which its deadline and reminders lie. */
  readonly due: readonly string[];
  readonly events: readonly {
    readonly at: number;
    readonly what: string;
    readonly by: string;
    readonly because?: string;
  }[];
}

/**
 * `disputed/{contract}/contract`, `disputed/{contract}/statement/{period}`, `disputed/{contract}/conversion/{id}`: how much
 * of this item's money is held, and has been taken, by disputes on it and on whatever is part of it, in minor units; the
 * dispute open on the item itself; and the one each side has opened on it.
 */
export interface DisputedDoc {
  readonly heldMinor: number;
  readonly takenMinor: number;
  readonly open: string | null;
  readonly brand: string | null;
  readonly influencer: string | null;
}

/** Nothing about an item was ever disputed. */
export const undisputed: DisputedDoc = { heldMinor: 0, takenMinor: 0, open: null, brand: null, influencer: null };
