import type * as v from "valibot";
import type { Result } from "../../shared/kit/shape.ts";
import type { Endpoint } from "../../shared/wire/endpoint.ts";
import { type Fetch, type Knock, knock } from "../../shared/wire/knock.ts";
import { type Connection, moveConnection, type Paired } from "./connection.ts";

type Schema = v.GenericSchema;

/** An answer, with the HTTP status it came by; 0 when the server was not reached at all. */
export type Reached<Value> = Result<Value> & { readonly status: number };

// A server that says nothing for this long is not there, as far as a person waiting is concerned.
const PATIENCE_MS = 15_000;

/** Knock on a door of `server` and say by which status it answered. */
export const reach = async <const Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema>(
  server: string,
  door: Endpoint<Path, Query, Body, Reply>,
  given: Knock<Path, Query, Body> = {},
): Promise<Reached<v.InferOutput<Reply>>> => {
  let status = 0;
  const go: Fetch = async (url, init) => {
    const answer = await fetch(url, { ...init, credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) });
    status = answer.status;
    return answer;
  };
  return { ...(await knock(go, server, door, given)), status };
};

/** Write down that the server no longer takes the token of this connection. */
export const lapse = (connection: Paired): Promise<void> =>
  moveConnection(connection, { state: "lapsed", server: connection.server });

/** Knock as the paired influencer. A token the server no longer takes ends the connection, for every part that watches it. */
export const reachAs = async <
  const Path extends string,
  Query extends Schema,
  Body extends Schema,
  Reply extends Schema,
>(
  connection: Paired,
  door: Endpoint<Path, Query, Body, Reply>,
  given: Knock<Path, Query, Body> = {},
): Promise<Reached<v.InferOutput<Reply>>> => {
  const headers = { ...given.headers, authorization: `Bearer ${connection.token}` };
  const reached = await reach(connection.server, door, { ...given, headers });
  if (reached.status === 401) await lapse(connection);
  return reached;
};

/** Is it worth asking the same again later? Yes when the server was away, busy or broken; no when it said no. */
export const mayComeRight = (status: number): boolean => status === 0 || status === 429 || status >= 500;

/** Is this connection able to knock? */
export const isPaired = (connection: Connection): connection is Paired => connection.state === "paired";
