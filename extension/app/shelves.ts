import type { DBSchema } from "idb";
import * as v from "valibot";
import * as judged from "../../shared/wire/shown.conversion.ts";
import * as shown from "../../shared/wire/shown.ts";

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

const Grab = v.object({ key: v.string(), contract: v.string(), destination: v.string(), askedAt: v.number() });
/** A link that was asked for and not yet answered. Its `key` is the Idempotency-Key of every attempt. */
export type Grab = Readonly<v.InferOutput<typeof Grab>>;

const told = { id: v.string(), at: v.number() };
const Notice = v.variant("kind", [
  v.object({ ...told, kind: v.literal("made"), link: shown.Link }),
  v.object({ ...told, kind: v.literal("refused"), destination: v.string(), because: v.string() }),
  v.object({ ...told, kind: v.literal("nowhere"), destination: v.string() }),
  v.object({ ...told, kind: v.literal("insecure"), destination: v.string() }),
  v.object({ ...told, kind: v.literal("waiting"), destination: v.string() }),
]);
/**
 * Something to tell the person when the popup is next open. `made`: a link that had waited now exists. `refused`: the
 * server said no to it. `nowhere`: no contract covers the page of a context-menu click. `insecure`: one does, but the
 * page is not https. `waiting`: a context-menu click whose link waits for the server.
 */
export type Notice = Readonly<v.InferOutput<typeof Notice>>;

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

/**
 * What is on each shelf, for reading it back. A vault outlives the version that wrote it, and a disk may forget: what is
 * no longer understood is left where it is and not shown, until the server says it anew.
 */
export const shapes = {
  contracts: shown.Contract,
  earnings: shown.Earnings,
  statements: shown.ExplainedStatement,
  conversions: judged.ConversionPage,
  links: shown.Link,
  grabs: Grab,
  notices: Notice,
} as const;

/** What was kept, as far as it is understood. */
export const understood = <Schema extends v.GenericSchema>(schema: Schema, kept: unknown): v.InferOutput<Schema>[] => {
  const read = v.safeParse(schema, kept);
  return read.success ? [read.output] : [];
};
