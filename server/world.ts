import type { KeyObject } from "node:crypto";
import type { Sealer } from "../shared/contract/record.ts";
import type { Record } from "./engine/record.ts";
import type { People } from "./people/people.ts";
import type { Store } from "./store/store.ts";

/** Everything the server takes from outside: time, dice, storage, secrets, and where it is reached. Tests hand in their own. */
export interface World {
  readonly now: () => number;
  readonly bytes: (count: number) => Uint8Array;
  readonly store: Store;
  readonly record: Record;
  readonly people: People;
  /** Signs click ids and digests e-mail addresses; never leaves the process. */
  readonly key: KeyObject;
  /** Seals signatures and certificates; its public key is on `/.well-known/makegood-seal.json`. */
  readonly sealer: Sealer;
  /** The origin people and pages reach this server at, such as `https://makegood.example`. */
  readonly origin: string;
  /** Are pages on this machine itself (localhost) allowed as landing pages? Only for the demo and tests. */
  readonly loopback: boolean;
  /** How many proxies of one's own stand in front, each adding to `X-Forwarded-For` the address it was asked from. */
  readonly proxies: number;
  /** The folder that holds what was built for browsers. */
  readonly dist: string;
  readonly warn: (what: string, error?: unknown) => void;
}
