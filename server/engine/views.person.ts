import type { FactOf } from "../../shared/fact.ts";
import { type Book, put } from "./book.ts";
import { type ClickDoc, cameBy, mailboxOf, type PersonDoc, restsOn, type SameDoc, type VisitorDoc } from "./person.ts";
import type { ConversionDoc } from "./shapes.ts";

type Recorded = Omit<FactOf<"conversion-recorded">, "type">;

interface Verdict {
  readonly visitors: readonly string[];
  readonly rests: readonly string[];
  readonly isVoid: boolean;
  readonly isRejected: boolean;
}

const keep = (book: Book, recorded: Recorded, { visitors, rests, isVoid, isRejected }: Verdict): void => {
  const { conversion, at, result, digest } = recorded;
  const mailbox = mailboxOf(recorded);
  const happened = { at, result, ...(isVoid && ({ isVoid } as const)) };
  if (digest) {
    const became = { ...(isVoid && ({ isVoid } as const)), ...(isRejected && ({ isRejected } as const)) };
    put<SameDoc>(book, `same/${result}/${digest}/${conversion}`, { at, ...became });
  }
  const visited = rests.length > 0 ? { ...happened, restsOn: rests } : happened;
  for (const visitor of visitors) put<VisitorDoc>(book, `visitor/${visitor}/${conversion}`, visited);
  if (mailbox)
    put<PersonDoc>(book, `person/${mailbox}/${conversion}`, { ...happened, came: cameBy(recorded), visitors });
};

/** Who converted, as far as the report says. */
export const personRecorded = (book: Book, recorded: Recorded): void => {
  const { conversion, at, clicks, visitor } = recorded;
  const led: ClickDoc = { at, ...(visitor !== undefined && { visitor }) };
  for (const click of clicks) put(book, `click/${click}/${conversion}`, led);
  keep(book, recorded, {
    visitors: visitor === undefined ? [] : [visitor],
    rests: [],
    isVoid: false,
    isRejected: false,
  });
};

/** Who converted, as far as a verdict knows, on which of their other results it rests, and whether others may rest on it. */
export const personKept = (book: Book, doc: ConversionDoc): void => {
  const { recorded, verdict } = doc;
  if (!verdict) return;
  const [visitors, rests] = [verdict.visitors ?? [], restsOn(verdict, recorded.result)];
  keep(book, recorded, { visitors, rests, isVoid: doc.isVoid === true, isRejected: doc.rejected !== null });
};

/** Who did not convert, as far as another verdict now knows, though the one before it said so. */
export const personLost = (book: Book, { recorded, verdict }: ConversionDoc, now: readonly string[]): void => {
  for (const visitor of verdict?.visitors ?? [])
    if (!now.includes(visitor)) book.put(`visitor/${visitor}/${recorded.conversion}`, null);
};

/** What gave way to another report is nobody's conversion any more, and no earlier lead of anybody. */
export const personReplaced = (book: Book, { recorded, verdict }: ConversionDoc): void => {
  const { conversion, result, digest, visitor } = recorded;
  for (const it of new Set([...(visitor ? [visitor] : []), ...(verdict?.visitors ?? [])]))
    book.put(`visitor/${it}/${conversion}`, null);
  if (!digest) return;
  book.put(`same/${result}/${digest}/${conversion}`, null);
  book.put(`person/${digest}/${conversion}`, null);
};
