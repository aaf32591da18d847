import type { Work } from "../../server/engine/record.ts";
import type { ContractDoc } from "../../server/engine/shapes.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import type { Result } from "../../shared/kit/shape.ts";
import type { Chance } from "./chance.ts";
import type { Engine } from "./engine.ts";
import type { Partner } from "./partner.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A contract of the story: whose it is, and the link it was given. */
export interface Deal {
  readonly contract: string;
  readonly influencer: string;
  link: string | undefined;
  code: string | undefined;
}

/** A touch of the story: whose link it came through, nobody's where null. */
export interface Step {
  readonly at: number;
  readonly contract: string | null;
  /** Was it a code, which tells of the result it came with and of no other? */
  readonly isCode?: boolean;
}

/** A result of the story, and what is expected of it. */
export interface Told {
  readonly conversion: string;
  readonly externalId: string;
  readonly visitor: string;
  /** By which it is known whose it is, on whichever device: a digest of the e-mail, where that could be read. */
  readonly person: string | undefined;
  readonly at: number;
  readonly steps: Step[];
  /** What was said, to say it again. */
  readonly again: () => Promise<Result<unknown>>;
}

/** One brand of the year, with everything somebody outside the engine knows. */
export interface Company {
  readonly brand: string;
  readonly campaign: string;
  readonly influencers: readonly string[];
  readonly deals: Deal[];
  readonly told: Told[];
  /** Results of whose journey something was told since it was last looked at. */
  readonly retold: Told[];
  readonly partner: Partner;
  readonly reversals: Map<string, string>;
  readonly halves: Map<string, { readonly brand: string; readonly influencer: string }>;
  runs: number;
}

/** A year in the making. */
export interface Year {
  readonly chance: Chance;
  readonly engine: Engine;
  readonly companies: readonly Company[];
  /** What came up, and how often. */
  readonly seen: Map<string, number>;
  /** A number nothing else of this year has. */
  next(): number;
  note(what: string): void;
}

/** Something the story says and the product does not. */
export const must: (holds: boolean, because: string | (() => string)) => asserts holds = (holds, because) => {
  if (!holds) throw new Error(typeof because === "string" ? because : because());
};

const told = (it: Result<unknown>): string => canonical((it.ok ? (it.value ?? null) : it.refusal.code) as Json);

/**
 * Ask for something as people and machines do: now and then the process dies over it, the answer is lost and it is asked
 * again, or it is asked twice at once. A second asking changes nothing. `natural`: it needs no key for that.
 */
export const ask = async <Value>(
  { chance, engine, next, note }: Year,
  brand: string,
  name: string,
  work: Work<Value>,
  how: "natural" | "keyed" = "keyed",
): Promise<Result<Value>> => {
  const key = how === "keyed" || chance.likely(40) ? `${name} ${next()}` : undefined;
  if (chance.likely(14)) engine.trip();
  const first = await engine.decide(brand, key, work);
  note(first.ok ? `did ${name}` : `refused ${name}: ${first.refusal.code}`);
  if (!first.ok || !chance.likely(16)) return first;
  const before = await engine.store().head(brand);
  const both = chance.likely(40);
  const again = await Promise.all(
    both ? [0, 1].map(() => engine.decide(brand, key, work)) : [engine.decide(brand, key, work)],
  );
  for (const it of again)
    must(told(it) === told(first), () => `${name} asked again answered ${told(it)}, not ${told(first)}`);
  const after = await engine.store().head(brand);
  must(before.seq === after.seq, () => `${name} was done again when it was asked again`);
  return first;
};

/** A contract as the product has it, for the story to choose what may come next. */
export const contractOf = async ({ engine }: Year, { brand }: Company, contract: string): Promise<ContractDoc> =>
  (await engine.reader(brand).document(`contract/${contract}`)) as unknown as ContractDoc;

/** All documents of a kind, by id. */
export const docsOf = async <Doc>({ engine }: Year, { brand }: Company, prefix: string): Promise<readonly Doc[]> =>
  (await engine.reader(brand).documents(prefix)).map(([, body]) => body as unknown as Doc);
