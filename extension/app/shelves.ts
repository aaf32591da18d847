import type { DBSchema } from "idb";
import type * as v from "valibot";
import type * as judged from "../../shared/wire/shown.conversion.ts";
import type * as shown from "../../shared/wire/shown.ts";

/** A contract as the server showed it. */
export type Contract = v.InferOutput<typeof shown.Contract>;
/** A contract's live earnings as the server showed them. */
export type Earnings = v.InferOutput<typeof shown.Earnings>;
/** A tracked link as the server showed it. */
export type Link = v.InferOutput<typeof shown.Link>;
/** A statement with its evidence, as the server showed it. */
export type ExplainedStatement = v.InferOutput<typeof shown.ExplainedStatement>;
/** A conversion as the server showed it. */
export type ConversionPage = v.InferOutput<typeof judged.ConversionPage>;
/** What one conversion did for one contract, as the server showed it. */
export type VerdictPart = v.InferOutput<typeof judged.VerdictPart>;
/** One contract's money for one period, as the server showed it. */
export type PeriodStatement = v.InferOutput<typeof shown.PeriodStatement>;

/** A link that was asked for and not yet answered. Its `key` is the Idempotency-Key of every attempt. */
export interface Grab {
  readonly key: string;
  readonly contract: string;
  readonly destination: string;
  readonly askedAt: number;
}

/**
 * Something to tell the person when the popup is next open. `made`: a link that had waited now exists. `refused`: the
 * server said no to it. `nowhere`: no contract covers the page of a context-menu click. `waiting`: a context-menu
 * click whose link waits for the server.
 */
export type Notice = { readonly id: string; readonly at: number } & (
  | { readonly kind: "made"; readonly link: Link }
  | { readonly kind: "refused"; readonly destination: string; readonly because: string }
  | { readonly kind: "nowhere"; readonly destination: string }
  | { readonly kind: "waiting"; readonly destination: string }
);

/** Single values. `position`: where the live stream goes on from. `unseen`: movements since the popup was last open. `refreshedAt`: when the server last answered in full. `owner`: whose cache this is. `lastContract`: the one a link was last made for. */
export interface Marks {
  readonly position: string;
  readonly unseen: number;
  readonly refreshedAt: number;
  readonly owner: string;
  readonly lastContract: string;
}

/** What the vault holds, shelf by shelf. */
export interface Shelves extends DBSchema {
  contracts: { key: string; value: Contract };
  earnings: { key: string; value: Earnings };
  statements: { key: string; value: ExplainedStatement };
  conversions: { key: string; value: ConversionPage };
  links: { key: string; value: Link };
  grabs: { key: string; value: Grab };
  notices: { key: string; value: Notice };
  marks: { key: keyof Marks; value: Marks[keyof Marks] };
}

/** Every shelf by name. */
export const shelves = [
  "contracts",
  "earnings",
  "statements",
  "conversions",
  "links",
  "grabs",
  "notices",
  "marks",
] as const;
