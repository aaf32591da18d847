import { present } from "../../shared/kit/shape.ts";
import type { Explanation } from "../../shared/pay/explained.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import { type Book, known, read } from "./book.ts";
import type { Reader } from "./reader.ts";
import type { AccountDoc, ContractDoc, ShareDoc } from "./shapes.ts";

const evidence = ({ stage: _, because: __, ...share }: ShareDoc): ResultShare => share;

/** The evidence a contract's statement is computed from. */
export const sharesOf = async (reader: Pick<Reader, "documents">, contract: string): Promise<readonly ResultShare[]> =>
  (await reader.documents(`share/${contract}/`)).map(([, body]) => evidence(body as unknown as ShareDoc));

/** Everything a contract's statement as of an instant is computed from. */
export const explanationOf = async (
  reader: Pick<Reader, "documents"> & Pick<Book, "document">,
  id: string,
  asOf: number,
) => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const account = await read<AccountDoc>(reader, `account/${id}`);
  const [first, ...later] = doc.versions;
  return {
    terms: first?.terms ?? present(doc.terms, "the terms of a drafted contract"),
    amendments: later.map(({ version, terms, termsHash }) => ({ version, terms, termsHash })),
    lastDay: doc.lastDay,
    shares: await sharesOf(reader, id),
    adjustments: account?.adjustments ?? [],
    rates: account?.rates ?? [],
    asOf,
  } satisfies Explanation;
};
