import { endOfPeriod } from "./days.ts";
import type { Memory } from "./memory.ts";
import { documentsOf, termsAt } from "./witness.ts";
import { type Company, DAY, must, type Step, type Told, type Year } from "./world.ts";

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

/** What a contract should get of a result under its own way of sharing, in millionths. */
const expected = (it: Memory, { at, steps }: Told, contract: string): number => {
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

/** Was a touch told of only when a statement the result had counted in was final? Then its verdict stays as it was. */
const isSettled = (it: Memory, told: Told): boolean =>
  told.lateAt !== undefined &&
  [...(it.seen.get(told.conversion)?.countedAt.keys() ?? [])].some((contract) => {
    const deed = it.deeds.get(contract);
    const over = deed && endOfPeriod(documentsOf(deed), told.at);
    return over !== undefined && over <= (told.lateAt ?? 0);
  });

const looked = new WeakMap<Company, number>();

/** Every new result was shared as its journey says; what one contract gets, no other does. */
export const expectShares = ({ note }: Year, company: Company, memory: Memory): void => {
  const from = looked.get(company) ?? 0;
  looked.set(company, company.told.length);
  for (const told of company.told.slice(from)) {
    if (isSettled(memory, told)) continue;
    const seen = memory.seen.get(told.conversion);
    for (const deed of memory.deeds.values()) {
      if (documentsOf(deed).length === 0) continue;
      const is = seen?.parts.find(({ contract }) => contract === deed.contract)?.shareMicro ?? 0;
      const shouldBe = expected(memory, told, deed.contract);
      must(
        Math.abs(is - shouldBe) < (told.steps.length > 2 ? 2 : 1),
        () => `${told.conversion}: ${deed.contract} was given ${is} millionths, and its journey says ${shouldBe}`,
      );
      if (is > 0 && is < WHOLE) note("a result was shared");
    }
  }
};
