import { endOf } from "../../shared/contract/contract.ts";
import { startOfDay } from "../../shared/kit/time.ts";
import { type Payee, payeeKey } from "../decisions/history.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import type { FoundPayee } from "./checking.ts";
import type { Fault } from "./fault.ts";
import type { Identities } from "./identity.ts";

/** Who the payees of a file are: their influencers by name, and those that the brand does not know as such yet. */
export interface Matched {
  readonly influencers: ReadonlyMap<string, string>;
  /** Payees to remember, for the first time; some of them are influencers already. */
  readonly toBring: readonly Payee[];
  /** How many of them become influencers. */
  readonly fresh: number;
}

const ALL = 1_000_000;

const byName = async (reader: Reader): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, string[]>();
  for (const [key, body] of await reader.privates("influencer/", ALL)) {
    const name = (body as { readonly name: string }).name.trim();
    found.set(name, [...(found.get(name) ?? []), key.slice("influencer/".length)]);
  }
  return found;
};

/**
 * Find the influencer each payee is: the one it was imported as before, else the one of exactly that name, else a new
 * one. Refuses a name that several influencers have, at the line that names it first.
 */
export const matched = async (
  reader: Reader,
  payees: ReadonlyMap<string, FoundPayee>,
  ids: Identities,
  fault: (payee: FoundPayee, because: string) => Fault,
): Promise<Matched> => {
  const names = await byName(reader);
  const influencers = new Map<string, string>();
  const toBring: Payee[] = [];
  for (const payee of payees.values()) {
    const digest = ids.payee(payee.name);
    const before = (await reader.private(payeeKey(digest))) as { readonly influencer: string } | undefined;
    const [only, another] = names.get(payee.name) ?? [];
    if (before === undefined && another !== undefined)
      throw fault(payee, `several influencers are called "${payee.name}". Give them different names first.`);
    const influencer = before?.influencer ?? only ?? ids.influencer(payee.name);
    influencers.set(payee.name, influencer);
    if (before === undefined) toBring.push({ name: payee.name, digest, influencer });
  }
  const isNew = await Promise.all(toBring.map(async (it) => !(await read(reader, `influencer/${it.influencer}`))));
  return { influencers, toBring, fresh: isNew.filter(Boolean).length };
};

interface Stretch {
  readonly contract: string;
  readonly influencer: string;
  readonly startedAt: number;
  readonly from: number;
  readonly until: number;
}

const stretchOf = ({ status, contract, influencer, terms, startedAt }: ContractDoc): readonly Stretch[] => {
  if ((status !== "running" && status !== "completed") || terms === null || startedAt === null) return [];
  const from = startOfDay(terms.starts, terms.timeZone);
  return [{ contract, influencer, startedAt, from, until: endOf(terms) }];
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
