import { setImmediate as breath } from "node:timers/promises";
import { isHeldOut } from "../../shared/judge/holdout.ts";
import { SITTING_MS } from "../../shared/judge/journey.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { Landing, Store } from "../store/store.ts";
import { known } from "./book.ts";
import { clickedAt, type HoldoutDoc, overAt, termsLetting, windowOver } from "./holdout.ts";
import type { Reader } from "./reader.ts";
import { atKey, type ContractDoc, type ConversionDoc } from "./shapes.ts";

/** One arm of an experiment: people, those who converted, how often they did, and what that was worth in their contracts' currencies. */
export interface Arm {
  readonly people: number;
  readonly converted: number;
  readonly conversions: number;
  readonly valueMinor: number;
}

/** Somebody's first click in an experiment: it alone says in which arm they are, however often they click again. */
interface Entrant {
  readonly click: string;
  readonly at: number;
  readonly until: number;
  readonly currency: string;
  readonly isHeld: boolean;
  conversions: number;
  valueMinor: number;
}

/** People by what they are known as: their visitor id, or for lack of one the click they came by. */
type Entrants = Map<string, Entrant>;

const cameBefore = (a: Entrant, b: Entrant): boolean => a.at < b.at || (a.at === b.at && a.click < b.click);

const entrantOf = (holdout: HoldoutDoc, contract: ContractDoc, click: string): Entrant | undefined => {
  const at = clickedAt(click);
  const terms = at === undefined ? undefined : termsLetting(contract, holdout, at);
  if (at === undefined || !terms) return undefined;
  const isHeld = isHeldOut(holdout, click);
  const { currency } = terms;
  return { click, at, until: windowOver(at, terms), currency, isHeld, conversions: 0, valueMinor: 0 };
};

interface Experiment {
  readonly store: Store;
  readonly reader: Reader;
  readonly holdout: HoldoutDoc;
  readonly now: number;
}

/** What came by each contract's links while the experiment ran, a day at a time, so that nobody else has to wait for long. */
async function* landingsIn({ store, reader, holdout, now }: Experiment) {
  // A visit is told of at most one sitting after its click.
  const until = Math.min(now, overAt(holdout) + SITTING_MS);
  for (const id of holdout.contracts) {
    const contract = await known<ContractDoc>(reader, `contract/${id}`);
    for (let from = holdout.startedAt; from <= until; from += DAY_MS) {
      const last = Math.min(from + DAY_MS - 1, until);
      yield { contract, landings: await store.landings(reader.brand, id, from, last) };
      await breath();
    }
  }
}

const entrantsOf = async (experiment: Experiment): Promise<Entrants> => {
  const byClick = new Map<string, Entrant | undefined>();
  const people: Entrants = new Map();
  const known = new Set<string>();
  const nobodys = new Set<string>();
  const meet = (contract: ContractDoc, { click, visitor }: Landing): void => {
    if (!byClick.has(click)) byClick.set(click, entrantOf(experiment.holdout, contract, click));
    const entrant = byClick.get(click);
    if (!entrant) return;
    if (visitor === null) nobodys.add(click);
    else known.add(click);
    const before = visitor === null ? undefined : people.get(visitor);
    if (visitor !== null && (!before || cameBefore(entrant, before))) people.set(visitor, entrant);
  };
  for await (const { contract, landings } of landingsIn(experiment))
    for (const landing of landings) meet(contract, landing);
  for (const click of nobodys) {
    const entrant = byClick.get(click);
    if (entrant && !known.has(click)) people.set(click, entrant);
  }
  return people;
};

const AT_A_TIME = 500;

/** The campaign's conversions from the experiment's beginning to the end of the last window, but robots' and replaced ones. */
async function* conversionsIn({ store, reader, holdout: { campaign, startedAt } }: Experiment, until: number) {
  const prefix = `recent/${campaign}/`;
  let after = `${prefix}${atKey(startedAt)}`;
  for (;;) {
    const found = await store.documents(reader.brand, { prefix, after, limit: AT_A_TIME });
    for (const [key] of found) {
      if (key > `${prefix}${atKey(until + 1)}`) return;
      const doc = await known<ConversionDoc>(reader, `conversion/${key.slice(key.lastIndexOf("/") + 1)}`);
      const { result, externalId, conversion, robot } = doc.recorded;
      const stands = await known<{ conversion: string }>(reader, `external/${result}/${externalId}`);
      if (!robot && stands.conversion === conversion) yield doc;
    }
    if (found.length < AT_A_TIME) return;
    after = found.at(-1)?.[0] ?? after;
    await breath();
  }
}

const whose = (people: Entrants, { recorded, verdict }: ConversionDoc): Entrant | undefined => {
  const names = [...(recorded.visitor ? [recorded.visitor] : []), ...(verdict?.visitors ?? []), ...recorded.clicks];
  const entrants = names
    .flatMap((name) => people.get(name) ?? [])
    .filter(({ at, until }) => at <= recorded.at && recorded.at <= until);
  return entrants.reduce<Entrant | undefined>((first, it) => (first && !cameBefore(it, first) ? first : it), undefined);
};

const armOf = (entrants: readonly Entrant[]): Arm => ({
  people: entrants.length,
  converted: entrants.filter(({ conversions }) => conversions > 0).length,
  conversions: entrants.reduce((sum, { conversions }) => sum + conversions, 0),
  valueMinor: Math.min(
    entrants.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
    Number.MAX_SAFE_INTEGER,
  ),
});

/**
 * What an experiment has counted so far. People are distinct first clicks that landed: whoever clicks again stays in the arm
 * of their first click. Of what they did, everything counts that a person did within the window of the terms after that
 * click, whatever was decided about it since: who decides can know the arm. What the arms differ by is what the campaign
 * shows those on its page whom it credits somebody for, a poll; the post that sent them all there it cannot measure.
 */
export const armsOf = async (experiment: Experiment): Promise<{ readonly treated: Arm; readonly held: Arm }> => {
  const people = await entrantsOf(experiment);
  const entrants = [...new Set(people.values())];
  const until = entrants.reduce((latest, it) => Math.max(latest, it.until), 0);
  for await (const doc of conversionsIn(experiment, until)) {
    const entrant = whose(people, doc);
    if (!entrant) continue;
    const { valueMinor = 0, currency } = doc.recorded;
    entrant.conversions += 1;
    if (currency === entrant.currency) entrant.valueMinor += valueMinor;
  }
  return {
    treated: armOf(entrants.filter(({ isHeld }) => !isHeld)),
    held: armOf(entrants.filter(({ isHeld }) => isHeld)),
  };
};
