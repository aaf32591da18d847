import type * as v from "valibot";
import { present } from "../../shared/kit/shape.ts";
import { DAY_MS, type Period } from "../../shared/kit/time.ts";
import { type Deal, stretchOf } from "../../shared/pay/deal.ts";
import { explained, standings } from "../../shared/pay/explained.ts";
import type { ExplainedStatement } from "../../shared/wire/shown.ts";
import type { ClosedStatements } from "../../shared/wire/statements.ts";
import { known, read } from "../engine/book.ts";
import { dealOfContract } from "../engine/deal.ts";
import { explanationOf } from "../engine/explanation.ts";
import type { Reader } from "../engine/reader.ts";
import type { AccountDoc, ClosedStatement, ContractDoc } from "../engine/shapes.ts";

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

const silenceOf = (deal: Deal, period: Period, { approvedAt, reviewFrom }: ClosedStatement): number | null => {
  const { timing } = stretchOf(deal, period).terms;
  return approvedAt === null && timing.silence === "approve" ? reviewFrom + timing.reviewDays * DAY_MS : null;
};

/** A contract's statements that are final, oldest first. */
export const closedShown = async (
  reader: Pick<Reader, "document" | "documents">,
  id: string,
  asOf: number,
): Promise<Shown<typeof ClosedStatements>> => {
  const account = await read<AccountDoc>(reader, `account/${id}`);
  const deal = dealOfContract(await known<ContractDoc>(reader, `contract/${id}`));
  const now = standings(await explanationOf(reader, id, asOf));
  const statements = Object.entries(account?.closed ?? {}).map(([index, closed]) => {
    const period = present(deal.periods[Number(index)], "the period of a closed statement");
    const { at, hash, earnedMinor, dueMinor, carriedMinor, approvedAt } = closed;
    return {
      period: period.index,
      starts: period.starts,
      ends: period.ends,
      closedAt: at,
      hash,
      earnedMinor,
      dueMinor,
      carriedMinor,
      approvedAt,
      silenceAt: silenceOf(deal, period, closed),
      guarantee: now.get(period.index) ?? null,
    };
  });
  return { contract: id, currency: account?.currency ?? null, statements };
};
