import { type DisputeItem, itemKey } from "../../shared/contract/dispute.item.ts";
import { sumMinor } from "../../shared/pay/price.ts";
import { type Book, read } from "./book.ts";
import { type DisputedDoc, undisputed } from "./shapes.dispute.ts";
import type { AccountDoc, ConversionDoc } from "./shapes.ts";

type Reading = Pick<Book, "document">;

/** An item with everything it is part of, widest first: its contract, its period's statement, itself. */
export const levelsOf = (item: DisputeItem, period: number | null): readonly DisputeItem[] => {
  const { contract } = item;
  const statement = period === null ? [] : [{ kind: "statement", contract, period } as const];
  const levels: readonly DisputeItem[] = [{ kind: "contract", contract }, ...statement, item];
  return [...new Map(levels.map((level) => [itemKey(level), level])).values()];
};

/** What an item has earned so far, in signed minor units, whatever is disputed about it. The one place that knows. */
export const worthOf = async (reader: Reading, item: DisputeItem): Promise<number> => {
  if (item.kind === "conversion") {
    const doc = await read<ConversionDoc>(reader, `conversion/${item.conversion}`);
    return sumMinor((doc?.moved[item.contract] ?? []).map(({ amountMinor }) => amountMinor));
  }
  const account = await read<AccountDoc>(reader, `account/${item.contract}`);
  if (item.kind === "statement") return account?.periods[item.period]?.net.validated ?? 0;
  return sumMinor(Object.values(account?.periods ?? {}).map(({ net }) => net.validated));
};

/** What disputes have done to an item's money so far. */
export const disputedOf = async (reader: Reading, item: DisputeItem): Promise<DisputedDoc> =>
  (await read<DisputedDoc>(reader, `disputed/${itemKey(item)}`)) ?? undisputed;

const least = async (levels: readonly DisputeItem[], left: (level: DisputeItem) => Promise<number>): Promise<number> =>
  Math.min(...(await Promise.all(levels.map(left))));

/**
 * What may still be disputed of an item: what it is worth, less what other disputes hold or have taken of it, and no more
 * than the same for everything it is part of. So no money is held twice, however disputes overlap.
 */
export const disputableMinor = (reader: Reading, item: DisputeItem, period: number | null): Promise<number> =>
  least(levelsOf(item, period), async (level) => {
    const { heldMinor, takenMinor } = await disputedOf(reader, level);
    return (await worthOf(reader, level)) - heldMinor - takenMinor;
  });

/** What a dispute about an item may still take: what it is worth now, less what was taken of it already, on every level. */
export const takableMinor = (reader: Reading, item: DisputeItem, period: number | null): Promise<number> =>
  least(levelsOf(item, period), async (level) => {
    const { takenMinor } = await disputedOf(reader, level);
    return (await worthOf(reader, level)) - takenMinor;
  });
