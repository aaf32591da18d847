import type { FactOf } from "../../shared/fact.ts";
import { type Book, put } from "./book.ts";
import { type PersonDoc, restsOn, type VisitorDoc } from "./person.ts";
import type { ConversionDoc } from "./shapes.ts";

type Recorded = Omit<FactOf<"conversion-recorded">, "type">;

const keep = (
  book: Book,
  { conversion, at, result, digest }: Recorded,
  visitors: readonly string[],
  rests: readonly string[],
): void => {
  const happened = { at, result };
  const visited = rests.length > 0 ? { ...happened, restsOn: rests } : happened;
  for (const visitor of visitors) put<VisitorDoc>(book, `visitor/${visitor}/${conversion}`, visited);
  if (digest) put<PersonDoc>(book, `person/${digest}/${conversion}`, { ...happened, visitors });
};

/** Who converted, as far as the report says. */
export const personRecorded = (book: Book, recorded: Recorded): void => {
  const { conversion, result, digest, at, clicks, visitor } = recorded;
  if (digest) put(book, `same/${result}/${digest}/${conversion}`, { at });
  for (const click of clicks) put(book, `click/${click}/${conversion}`, { at });
  keep(book, recorded, visitor === undefined ? [] : [visitor], []);
};

/** Who converted, as far as a verdict knows, and on which of their other results it rests. */
export const personJudged = (book: Book, { recorded }: ConversionDoc, verdict: FactOf<"conversion-judged">): void =>
  keep(book, recorded, verdict.visitors ?? [], restsOn(verdict, recorded.result));

/** What gave way to another report is nobody's conversion any more, and no earlier lead of anybody. */
export const personReplaced = (book: Book, { recorded, verdict }: ConversionDoc): void => {
  const { conversion, result, digest, visitor } = recorded;
  for (const it of new Set([...(visitor ? [visitor] : []), ...(verdict?.visitors ?? [])]))
    book.put(`visitor/${it}/${conversion}`, null);
  if (!digest) return;
  book.put(`same/${result}/${digest}/${conversion}`, null);
  book.put(`person/${digest}/${conversion}`, null);
};
