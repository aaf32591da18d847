import type { Terms } from "../../shared/contract/terms.ts";
import { type Period, periodAt, periodsOf } from "../../shared/kit/time.ts";
import { nothingReached, type Reached, type Stage, stages } from "../../shared/pay/ledger.ts";
import { priced } from "../../shared/pay/statement.ts";
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
  Math.max(0, 1000 - (reversals ?? []).reduce((sum, { permille }) => sum + permille, 0));

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

const total = (byPeriod: Readonly<Record<string, number>>): number =>
  Object.values(byPeriod).reduce((sum, it) => sum + it, 0);

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
  const earnedMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const moved = stage === "accrued" ? difference(linesOf(terms, period, before), lines) : [];
  return {
    volumes: { ...account.volumes, [stage]: { ...account.volumes[stage], [key]: after } },
    earned: { ...account.earned, [stage]: { ...account.earned[stage], [key]: earnedMinor } },
    moving: [...account.moving, ...moved],
  };
};

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
  const period = periodAt(periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone), after.at);
  if (!period) return account;
  const changes: Change[] = [
    ...(before ? [{ share: before, sign: -1n as const }] : []),
    { share: after, sign: 1n as const },
  ];
  let next = account;
  for (const stage of stages) next = { ...next, ...restateStage(next, terms, stage, period, changes) };
  const wanted = Object.fromEntries(stages.map((stage) => [stage, total(next.earned[stage])])) as unknown as Reached;
  return { ...next, wanted };
};
