import type * as v from "valibot";
import { present } from "../../shared/kit/shape.ts";
import { explained } from "../../shared/pay/explained.ts";
import type { ExplainedStatement } from "../../shared/wire/shown.ts";
import type { ClosedStatements } from "../../shared/wire/statements.ts";
import { known, read } from "../engine/book.ts";
import { dealOfContract } from "../engine/deal.ts";
import { explanationOf } from "../engine/explanation.ts";
import type { Reader } from "../engine/reader.ts";
import type { AccountDoc, ContractDoc } from "../engine/shapes.ts";

type Shown<Schema extends v.GenericSchema> = v.InferOutput<Schema>;

/** A contract's statement as of an instant, with what is needed to compute it again. */
export const statementShown = async (
  reader: Pick<Reader, "document" | "documents">,
  id: string,
  asOf: number,
): Promise<Shown<typeof ExplainedStatement>> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const made = await explanationOf(reader, id, asOf);
  const { version, termsHash } = doc.versions[0] ?? doc;
  return structuredClone({ contract: id, version, termsHash, ...made, statement: explained(made) }) as never;
};

/** A contract's statements that are final, oldest first. */
export const closedShown = async (reader: Reader, id: string): Promise<Shown<typeof ClosedStatements>> => {
  const account = await read<AccountDoc>(reader, `account/${id}`);
  const { periods } = dealOfContract(await known<ContractDoc>(reader, `contract/${id}`));
  const statements = Object.entries(account?.closed ?? {}).map(([index, { at, ...closed }]) => {
    const period = Number(index);
    const { starts, ends } = present(periods[period], "the period of a closed statement");
    return { period, starts, ends, closedAt: at, ...closed };
  });
  return { contract: id, currency: account?.currency ?? null, statements };
};
