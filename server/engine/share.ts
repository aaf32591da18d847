import type { FactOf } from "../../shared/fact.ts";
import { must } from "../../shared/kit/shape.ts";
import { periodAt } from "../../shared/kit/time.ts";
import { afterwards, type ResultShare } from "../../shared/pay/statement.ts";
import { type Book, read } from "./book.ts";
import { dealOfContract } from "./deal.ts";
import type { AccountDoc, ContractDoc, ConversionDoc } from "./shapes.ts";

type Part = FactOf<"conversion-judged">["parts"][number];

/**
 * Is the statement of this instant final: was it closed, or had both sides signed before its period was over, and is that
 * over by now?
 */
export const isClosed = async (book: Book, contract: ContractDoc, instant: number, now: number): Promise<boolean> => {
  const period = periodAt(dealOfContract(contract).periods, instant);
  if (!period) return false;
  if (period.until <= now && (contract.startedAt ?? now) < period.until) return true;
  const account = await read<AccountDoc>(book, `account/${contract.contract}`);
  return account?.closed[period.index] !== undefined;
};

/** Is the statement that tells of an instant final by now: the contract's own, or one of corrections after its end? */
export const isFinal = (contract: ContractDoc, instant: number, now: number): boolean => {
  const deal = dealOfContract(contract);
  const period = periodAt(deal.periods, instant) ?? afterwards(deal, [instant])[0];
  return period !== undefined && period.until <= now;
};

/** How much of a part waits until the brand releases it, in millionths. */
export const heldMicroOf = ({ unheld }: ConversionDoc, { contract, shareMicro, heldMicro = 0 }: Part): number => {
  must(heldMicro <= shareMicro, "more held of a share than there is of it");
  return unheld?.includes(contract) ? 0 : heldMicro;
};

/** The share a contract has of a conversion, and what it was since on statements that are open. */
export type Shares = Pick<ResultShare, "shareMicro" | "restated">;

/** What a contract's share of a conversion comes to by its verdict, and by what of it was stated already. */
export const sharesOf = (doc: ConversionDoc, part: Part): Shares =>
  doc.restated?.[part.contract] ?? { shareMicro: part.shareMicro - heldMicroOf(doc, part) };

/**
 * A share that is another one than before: where it had counted on a statement that is final, the first one stays and the
 * new one holds from now on, so that the difference stands in the statement that is open.
 */
export const restatedNow = (doc: ConversionDoc, part: Part, before: Shares | undefined, at: number): ConversionDoc => {
  if (!before) return doc;
  const shareMicro = part.shareMicro - heldMicroOf(doc, part);
  const told = before.restated ?? [];
  if ((told.at(-1)?.shareMicro ?? before.shareMicro) === shareMicro) return doc;
  const restated = [...told.filter((it) => it.at < at), { at, shareMicro }];
  return { ...doc, restated: { ...doc.restated, [part.contract]: { shareMicro: before.shareMicro, restated } } };
};

/** What waits of a part is found by its contract, for the brand to release it. */
export const awaitRelease = async (book: Book, doc: ConversionDoc, part: Part): Promise<void> => {
  const key = `held/${part.contract}/${doc.recorded.conversion}`;
  const held = heldMicroOf(doc, part) > 0;
  if (held !== ((await book.document(key)) !== undefined)) book.put(key, held ? {} : null);
};
