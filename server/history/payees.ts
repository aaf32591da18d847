import { inForce, overAt } from "../../shared/contract/contract.ts";
import { type Payee, payeeKey } from "../decisions/history.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import { owned } from "./columnar.ts";
import type { Identities } from "./identity.ts";

/** Who the payees of a file are: their influencers by name, and those that the brand does not know as such yet. */
export interface Matched {
  readonly influencers: ReadonlyMap<string, string>;
  /** Payees to remember, for the first time; some of them are influencers already. */
  readonly toBring: readonly Payee[];
  /** How many of them become influencers. */
  readonly fresh: number;
}

const MOST_PAYEES = 5_000;
const ALL = 1_000_000;

const byName = async (reader: Reader): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, string[]>();
  for (const [key, body] of await reader.privates("influencer/", ALL)) {
    const name = (body as { readonly name: string }).name.trim();
    found.set(name, [...(found.get(name) ?? []), key.slice("influencer/".length)]);
  }
  return found;
};

/** Finds out, payee by payee, who each is. */
export interface Matcher {
  /** Meet one more payee; answers why it cannot be said who that is, or nothing. */
  meet(name: string): Promise<string | undefined>;
  readonly matched: Matched;
}

/**
 * Matches payees to influencers: the one a payee was imported as before, else the one of exactly that name, else a new
 * one. A name that several influencers have is nobody's.
 */
export const matching = async (reader: Reader, ids: Identities): Promise<Matcher> => {
  const names = await byName(reader);
  const influencers = new Map<string, string>();
  const toBring: Payee[] = [];
  const matched = { influencers, toBring, fresh: 0 };
  return {
    matched,
    meet: async (text) => {
      if (influencers.has(text)) return undefined;
      if (influencers.size >= MOST_PAYEES)
        return `more than ${MOST_PAYEES} payees in one file. Is this the column of payees? Else cut the file.`;
      const name = owned(text);
      const digest = ids.payee(name);
      const before = (await reader.private(payeeKey(digest))) as { readonly influencer: string } | undefined;
      const [only, another] = names.get(name) ?? [];
      if (before === undefined && another !== undefined)
        return `several influencers are called "${name}". Give them different names first.`;
      const influencer = before?.influencer ?? only ?? ids.influencer(name);
      influencers.set(name, influencer);
      if (before === undefined) toBring.push({ name, digest, influencer });
      if (!(await read(reader, `influencer/${influencer}`))) matched.fresh += 1;
      return undefined;
    },
  };
};

interface Stretch {
  readonly contract: string;
  readonly influencer: string;
  readonly startedAt: number;
  readonly from: number;
  readonly until: number;
}

const stretchOf = (doc: ContractDoc): readonly Stretch[] => {
  const { contract, influencer, startedAt } = doc;
  if (startedAt === null) return [];
  // Its versions follow one another without a gap, and what may make results good belongs to the last of them.
  const [from, until] = [inForce(doc)[0]?.from, overAt(doc)];
  return from === undefined || until === undefined ? [] : [{ contract, influencer, startedAt, from, until }];
};

const latestFirst = (a: Stretch, b: Stretch): number => b.startedAt - a.startedAt || (a.contract < b.contract ? -1 : 1);

/**
 * Whose a touch of an influencer at an instant is: their contract in this campaign that both have signed and that covers
 * the instant (of several, the one signed last), or else the influencer alone.
 */
export const contractsIn = async (
  reader: Reader,
  campaign: string,
): Promise<(influencer: string, at: number) => string> => {
  const prefix = `campaign-contract/${campaign}/`;
  const stretches = new Map<string, Stretch[]>();
  for (const [key] of await reader.documents(prefix))
    for (const it of stretchOf(await known<ContractDoc>(reader, `contract/${key.slice(prefix.length)}`)))
      stretches.set(it.influencer, [...(stretches.get(it.influencer) ?? []), it].sort(latestFirst));
  return (influencer, at) =>
    stretches.get(influencer)?.find(({ from, until }) => from <= at && at < until)?.contract ?? influencer;
};
