import type * as v from "valibot";

type Schema = v.GenericSchema;

/**
 * Who may knock. `anyone`: no key at all. `page`: a landing page, by the publishable key in its body. `brand`: a
 * signed-in owner. `influencer`: a signed-in influencer, in the web app or a paired extension. `server`: a brand's
 * server, by its secret key.
 */
export type Audience = "anyone" | "page" | "brand" | "influencer" | "server";

/** One door of the server, described as a value. The server opens it; clients knock on it; `openapi.json` is printed from it. */
export interface Endpoint<
  Path extends string = string,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Reply extends Schema = Schema,
> {
  readonly method: "GET" | "POST";
  readonly path: Path;
  readonly audience: readonly Audience[];
  /** One sentence: what comes of knocking. */
  readonly says: string;
  readonly query: Query;
  readonly body: Body;
  readonly reply: Reply;
}

/** `"/v1/links/:code"` → `{ code: string }`. */
export type Params<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name | keyof Params<`/${Rest}`>]: string }
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : Record<never, string>;

/** Describe one door; the types of its body, query, reply and path parameters follow from the value. */
export const endpoint = <const Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema>(
  it: Endpoint<Path, Query, Body, Reply>,
): Endpoint<Path, Query, Body, Reply> => it;
