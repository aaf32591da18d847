import type { Reader } from "../engine/reader.ts";
import type { Store } from "../store/store.ts";

/** Where an analysis is made: what it reads, how much it looks at, and whom it lets pass in between. */
export interface Desk {
  readonly brand: string;
  readonly store: Store;
  readonly reader: Reader;
  /** How many touches of people there may be before only a part of the people is looked at. */
  readonly mostTouches: number;
  /** Lets whatever else is to be done be done. On a thread of its own there is nothing else. */
  breathe(): Promise<void>;
}
