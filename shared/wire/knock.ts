import * as v from "valibot";
import { ok, type Refusal, type Result } from "../kit/shape.ts";
import type { Endpoint, Params } from "./endpoint.ts";

type Schema = v.GenericSchema;

/** What a door's answer looks like to us: the little of `Response` we need. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
}

/** How to reach the server: the platform's `fetch`, or a test's. */
export type Fetch = (
  url: string,
  init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
) => Promise<Answer>;

/** What is handed over at a door. `headers` carry the bearer token or an `Idempotency-Key`. */
export interface Knock<Path extends string, Query extends Schema, Body extends Schema> {
  readonly params?: Params<Path>;
  readonly query?: v.InferInput<Query>;
  readonly body?: v.InferInput<Body>;
  readonly headers?: Record<string, string>;
}

const Problem = v.object({
  code: v.optional(v.string()),
  title: v.optional(v.string()),
  detail: v.optional(v.string()),
});

const refusalOf = async (answer: Answer): Promise<{ readonly ok: false; readonly refusal: Refusal }> => {
  const problem = v.safeParse(Problem, await answer.json().catch(() => undefined));
  const told = problem.success ? problem.output : {};
  return {
    ok: false,
    refusal: {
      code: told.code ?? `status-${answer.status}`,
      because: told.detail ?? told.title ?? `The server answered ${answer.status}.`,
    },
  };
};

const urlOf = (
  origin: string,
  path: string,
  params: Record<string, string>,
  query: Record<string, unknown>,
): string => {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return origin + filled + (pairs.length > 0 ? `?${pairs.join("&")}` : "");
};

/**
 * Knock on one door: the reply, parsed, or the refusal with its code and sentence. A network that fails is the refusal
 * `unreachable`; a reply that is not what the door promises is `unreadable`, so an old client never acts on a
 * misunderstanding.
 */
export const knock = async <const Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema>(
  fetch: Fetch,
  origin: string,
  door: Endpoint<Path, Query, Body, Reply>,
  given: Knock<Path, Query, Body> = {},
): Promise<Result<v.InferOutput<Reply>>> => {
  const url = urlOf(
    origin,
    door.path,
    (given.params ?? {}) as Record<string, string>,
    (given.query ?? {}) as Record<string, unknown>,
  );
  const headers = { accept: "application/json", ...given.headers };
  const init =
    door.method === "GET"
      ? { method: "GET", headers }
      : {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(given.body ?? {}),
        };
  try {
    const answer = await fetch(url, init);
    if (!answer.ok) return refusalOf(answer);
    const reply = v.safeParse(door.reply, answer.status === 204 ? undefined : await answer.json());
    if (reply.success) return ok(reply.output);
    return {
      ok: false,
      refusal: { code: "unreadable", because: "The server answered in a way this version does not understand." },
    };
  } catch {
    return {
      ok: false,
      refusal: { code: "unreachable", because: "The server cannot be reached. Check the connection and try again." },
    };
  }
};
