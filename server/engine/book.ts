import type { Entry, FactOf, FactType } from "../../shared/fact.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { present } from "../../shared/kit/shape.ts";

/** Documents to read and write while folding: the store's, or a replay's. */
export interface Book {
  document(key: string): Promise<Json | undefined>;
  put(key: string, body: Json | null): void;
}

/** What one kind of fact does to the views. Reads nothing but documents and the fact, so that a replay gives the same. */
export type Fold<Type extends FactType> = (book: Book, entry: Entry<FactOf<Type>>) => Promise<void> | void;

/** A document read as what it is known to be. */
export const read = async <Doc>(book: Pick<Book, "document">, key: string): Promise<Doc | undefined> =>
  (await book.document(key)) as Doc | undefined;

/** A document that must be there, since a fact speaks of it. */
export const known = async <Doc>(book: Pick<Book, "document">, key: string): Promise<Doc> =>
  present(await read<Doc>(book, key), key);

/** Put a document. */
export const put = <Doc extends object>(book: Book, key: string, doc: Doc): void =>
  book.put(key, doc as unknown as Json);
