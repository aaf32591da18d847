import type { Memory } from "./memory.ts";
import { documentsOf, termsAt } from "./witness.ts";
import { type Company, DAY, HOUR, must, type Step, type Told, type Year } from "./world.ts";

const WHOLE = 1_000_000;

/** Whose touch it is: the contract's while it decides and both have signed, and otherwise nobody's. */
const payeeOf = ({ deeds }: Memory, { at, contract }: Step): string | null => {
  const deed = contract === null ? undefined : deeds.get(contract);
  const signedAt = deed?.versions[0]?.signedAt;
  if (!deed || signedAt === undefined || at < signedAt) return null;
  return termsAt(deed, at) ? deed.contract : null;
};

const shareOf = (payees: readonly (string | null)[], contract: string, model: string): number => {
  if (payees.length === 0) return 0;
  if (model === "first") return payees[0] === contract ? WHOLE : 0;
  if (model === "last") return payees.at(-1) === contract ? WHOLE : 0;
  return (WHOLE * payees.filter((it) => it === contract).length) / payees.length;
};

/** Everything that led to a result: its own touches, and those of whoever gave the same e-mail. */
const journeyOf = ({ told }: Company, { conversion, person, at, steps }: Told): readonly Step[] => {
  const others = told.filter((it) => person !== undefined && it.person === person && it.conversion !== conversion);
  const elsewhere = others.flatMap((it) => it.steps).filter((step) => step.isCode !== true && step.at <= at);
  return [...steps, ...elsewhere].sort((a, b) => a.at - b.at);
};

/** Do two touches lie so near each other that they may be one? Steps of one result never do. */
const isBlurred = (journey: readonly Step[]): boolean =>
  journey.some(({ at }, place) => at - (journey[place - 1]?.at ?? Number.NEGATIVE_INFINITY) <= HOUR);

/** What a contract should get of a result under its own way of sharing, in millionths. */
const expected = (it: Memory, { at }: Told, steps: readonly Step[], contract: string): number => {
  const deed = it.deeds.get(contract);
  const terms = deed && termsAt(deed, at);
  if (!terms) return 0;
  const { model, windowDays, house } = terms.attribution;
  const payees = steps
    .filter((step) => at - windowDays * DAY <= step.at && step.at <= at)
    .map((step) => payeeOf(it, step))
    .filter((payee) => payee !== null || house === "included");
  return shareOf(payees, contract, model);
};

const looked = new WeakMap<Company, number>();

/** Every result is shared as its journey says, however late it was told of; what one contract gets, no other does. */
export const expectShares = ({ engine, note }: Year, company: Company, memory: Memory): void => {
  const from = looked.get(company) ?? 0;
  looked.set(company, company.told.length);
  for (const told of [...company.told.slice(from), ...company.retold.splice(0)]) {
    // After a year what was stated is not shared anew.
    if (engine.clock.at - told.at > 365 * DAY) continue;
    const seen = memory.seen.get(told.conversion);
    const journey = journeyOf(company, told);
    if (journey.length > told.steps.length && isBlurred(journey)) continue;
    for (const deed of memory.deeds.values()) {
      if (documentsOf(deed).length === 0) continue;
      const is = seen?.parts.find(({ contract }) => contract === deed.contract)?.shareMicro ?? 0;
      const shouldBe = expected(memory, told, journey, deed.contract);
      must(
        Math.abs(is - shouldBe) < (journey.length > 2 ? 2 : 1),
        () => `${told.conversion}: ${deed.contract} was given ${is} millionths, and its journey says ${shouldBe}`,
      );
      if (is > 0 && is < WHOLE) note("a result was shared");
    }
  }
};
