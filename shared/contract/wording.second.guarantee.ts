import type { Remedy, Terms } from "./terms.ts";
import { daysOf, type Money, moneyIn, percent } from "./wording.words.ts";

const WHOLE_BP = 10_000;

const penalty = (it: Remedy, result: string, money: Money): string => {
  const cap = it.capMinor === undefined ? "" : `, at most ${money(it.capMinor)} for one period`;
  const limit = it.mayOwe
    ? "If that is more than the period has earned, the influencer owes the rest"
    : "It never takes more than the period has earned";
  return `a penalty of ${money(it.amountMinor ?? 0)} for each ${result} missing, for a part of one in proportion, is taken off${cap}. ${limit}.`;
};

const makeGood = ({ days = 0 }: Remedy, result: string): string =>
  `the influencer may make it good. In the ${daysOf(days)} of 24 hours that follow, ${result} results that count first fill what is missing, unpaid, in the order in which they happened; what fills counts for no other period, neither for pay nor for its guarantee. The tracked links keep working until then, and nothing is taken off before these days are over.`;

const kinds: { readonly [Kind in Remedy["kind"]]: (it: Remedy, result: string, money: Money) => string } = {
  none: () => "it is reported and costs nothing.",
  proRata: () =>
    "the fixed pay of the period, as capped, is reduced in the proportion of what is missing to the target.",
  penalty,
  makeGood,
  carryOver: () => "it is added to the target of the next period.",
};

const bridges: Partial<Record<Remedy["kind"], string>> = {
  makeGood: "For what is still missing after these days",
  carryOver: "For what is missing after the last period",
};

const remedy = (it: Remedy, result: string, money: Money): string => {
  const said = kinds[it.kind](it, result, money);
  const bridge = bridges[it.kind] ?? "For what that does not settle";
  if (it.then) return `${said} ${bridge}: ${remedy(it.then, result, money)}`;
  return it.kind === "makeGood" || it.kind === "carryOver" ? `${said} ${bridge}: nothing more.` : said;
};

/** What the influencer guarantees, in words, with every remedy in the order in which it comes. */
export const guaranteeClauses = ({ guarantee: it, currency }: Terms): readonly string[] => {
  if (!it) return [];
  const span = it.per === "flight" ? "over the whole contract" : "in each period";
  const floor = WHOLE_BP - (it.toleranceBp ?? 0);
  const below = floor === WHOLE_BP ? "the target" : `${percent(floor)} of the target`;
  return [
    `Guarantee. The influencer guarantees ${it.target} ${it.result} results that count ${span}: the target. What is missing to ${below} is the shortfall.`,
    `Shortfall. When there is a shortfall, ${remedy(it.remedy, it.result, moneyIn(currency))}`,
  ];
};
