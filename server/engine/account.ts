import type { Terms } from "../../shared/contract/terms.ts";
import { present } from "../../shared/kit/shape.ts";
import { type Period, periodAt, periodsOf } from "../../shared/kit/time.ts";
import { nothingReached, type Reached, type Stage, stages } from "../../shared/pay/ledger.ts";
import { priced, sumMinor } from "../../shared/pay/statement.ts";
import { portion, type Volumes } from "../../shared/pay/volume.ts";
import type { AccountDoc, MovedLine, ShareDoc, StoredVolumes } from "./shapes.ts";

/** An account nothing has happened on. */
export const emptyAccount = (currency: string): AccountDoc => {
  const none = { accrued: {}, validated: {}, approved: {}, payable: {} };
  return { currency, volumes: none, earned: none, wanted: nothingReached, posted: nothingReached, moving: [] };
};

/** The volumes a document holds, as numbers to compute with. */
export const volumesOf = (stored: StoredVolumes | undefined): Volumes =>
  new Map(
    Object.entries(stored ?? {}).map(([result, [count, value]]) => [
      result,
      { countNano: BigInt(count), valueNano: BigInt(value) },
    ]),
  );

const netPermille = ({ reversals }: ShareDoc): number =>
  1000 - (reversals ?? []).reduce((sum, { permille }) => sum + permille, 0);

const reachedStages = (share: ShareDoc): readonly Stage[] =>
  share.stage === "rejected" ? [] : stages.slice(0, stages.indexOf(share.stage) + 1);

const shifted = (stored: StoredVolumes, share: ShareDoc, sign: 1n | -1n): StoredVolumes => {
  const by = portion(share.shareMicro, netPermille(share), share.valueMinor);
  const [count, value] = stored[share.result] ?? ["0", "0"];
  return {
    ...stored,
    [share.result]: [String(BigInt(count) + sign * by.countNano), String(BigInt(value) + sign * by.valueNano)],
  };
};

interface Change {
  readonly share: ShareDoc;
  readonly sign: 1n | -1n;
}

const linesOf = (terms: Terms, period: Period, stored: StoredVolumes) =>
  priced(terms, period, volumesOf(stored)).map(({ line }) => line);

const earnedOf = (terms: Terms, period: Period, stored: StoredVolumes): number =>
  sumMinor(linesOf(terms, period, stored).map(({ amountMinor }) => amountMinor));

const difference = (before: readonly MovedLine[], after: readonly MovedLine[]): readonly MovedLine[] =>
  after.flatMap(({ code, amountMinor, because }, index) => {
    const by = amountMinor - (before[index]?.amountMinor ?? 0);
    return by === 0 ? [] : [{ code, amountMinor: by, because }];
  });

const restateStage = (account: AccountDoc, terms: Terms, stage: Stage, period: Period, changes: readonly Change[]) => {
  const key = String(period.index);
  const before = account.volumes[stage][key] ?? {};
  const after = changes
    .filter(({ share }) => reachedStages(share).includes(stage))
    .reduce((stored, { share, sign }) => shifted(stored, share, sign), before);
  const lines = linesOf(terms, period, after);
  const earnedMinor = sumMinor(lines.map(({ amountMinor }) => amountMinor));
  const moved = stage === "accrued" ? difference(linesOf(terms, period, before), lines) : [];
  return {
    volumes: { ...account.volumes, [stage]: { ...account.volumes[stage], [key]: after } },
    earned: { ...account.earned, [stage]: { ...account.earned[stage], [key]: earnedMinor } },
    moving: [...account.moving, ...moved],
  };
};

const repriced = (account: AccountDoc, terms: Terms, period: Period, changes: readonly Change[]): AccountDoc => {
  let next = account;
  for (const stage of stages) next = { ...next, ...restateStage(next, terms, stage, period, changes) };
  const reached = stages.map((stage) => [stage, sumMinor(Object.values(next.earned[stage]))]);
  return { ...next, wanted: Object.fromEntries(reached) as unknown as Reached };
};

const ownPeriods = ({ starts, ends, period, timeZone }: Terms): readonly Period[] =>
  periodsOf(starts, ends, period, timeZone);

/** The first period from `index` on that pays something without any result. */
export const paidPeriod = (terms: Terms, index: number): Period | undefined =>
  ownPeriods(terms).find((period) => period.index >= index && earnedOf(terms, period, {}) > 0);

/** The account once a period has begun: what it pays without any result is earned from then on. */
export const begun = (account: AccountDoc, terms: Terms, index: number): AccountDoc =>
  repriced(account, terms, present(ownPeriods(terms)[index], "the period that began"), []);

/** What periods that have not begun will pay without any result, in minor units: on the statement to come, not yet earned. */
export const notBegunMinor = (account: AccountDoc, terms: Terms): number =>
  sumMinor(
    ownPeriods(terms)
      .filter(({ index }) => account.earned.validated[String(index)] === undefined)
      .map((period) => earnedOf(terms, period, {})),
  );

/**
 * The account after one conversion's share went from `before` to `after`: volumes are moved by the difference and only
 * the period it falls in is priced again. The same as pricing everything from the start, since volumes are whole numbers
 * that add up in any order.
 */
export const restated = (
  account: AccountDoc,
  terms: Terms,
  before: ShareDoc | undefined,
  after: ShareDoc,
): AccountDoc => {
  const period = periodAt(ownPeriods(terms), after.at);
  if (!period) return account;
  const changes: Change[] = [
    ...(before ? [{ share: before, sign: -1n as const }] : []),
    { share: after, sign: 1n as const },
  ];
  return repriced(account, terms, period, changes);
};
