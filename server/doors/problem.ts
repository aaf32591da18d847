import type * as v from "valibot";
import type { Refusal } from "../../shared/kit/shape.ts";

type Headers = Readonly<Record<string, string>>;

/** The HTTP status of each refusal; anything else is 422: understood, and refused. */
const statuses: Readonly<Record<string, number>> = {
  "bad-request": 400,
  "bad-query": 400,
  "analyses-waiting": 503,
  "not-json": 400,
  "not-signed-in": 401,
  "unknown-key": 401,
  "not-allowed": 403,
  "wrong-key": 403,
  "other-origin": 403,
  "proof-expired": 403,
  "proof-needed": 403,
  "sign-in-again": 403,
  "not-found": 404,
  "wrong-method": 405,
  "already-a-member": 409,
  "already-answered": 409,
  "already-disputed": 409,
  "already-recorded": 409,
  "already-signed": 409,
  "already-taken-back": 409,
  "code-taken": 409,
  "contract-ending": 409,
  "contract-not-draft": 409,
  "contract-not-offered": 409,
  "contract-not-running": 409,
  "contract-not-over": 409,
  "conversion-rejected": 409,
  "passkeys-need-a-name": 409,
  "passkeys-need-https": 409,
  "no-notice": 409,
  "not-own-proposal": 409,
  "not-sealed": 409,
  "not-signed": 409,
  "offer-expired": 409,
  "own-notice": 409,
  "own-proposal": 409,
  "deadline-passed": 409,
  "dispute-over": 409,
  "not-decided-yet": 409,
  "not-your-turn": 409,
  "not-enough": 409,
  "not-owed": 409,
  "nothing-to-pay": 409,
  "payout-came-back": 409,
  "payout-not-sent": 409,
  "payout-settled": 409,
  "payout-too-young": 409,
  "poll-closed": 409,
  "proposal-changed": 409,
  "statement-open": 409,
  "books-unsound": 503,
  "store-behind": 503,
  "store-busy": 503,
  "store-damaged": 503,
  "store-failing": 503,
  "store-full": 503,
  "store-slow": 503,
  "holdout-not-allowed": 409,
  "holdout-running": 409,
  "idempotency-key-needed": 400,
  "key-already-made": 409,
  "proposal-on-table": 409,
  "review-not-due": 409,
  "terms-changed": 409,
  "two-people-needed": 409,
  "write-off-replaced": 409,
  "terms-not-changed": 409,
  "too-late-to-dispute": 409,
  "too-many-passkeys": 409,
  "too-many-proposals": 409,
  "too-large": 413,
  "not-json-type": 415,
  "packed-body": 415,
  "idempotency-key-reused": 422,
  "try-later": 429,
};

const titles: Readonly<Record<number, string>> = {
  400: "The request could not be read",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Wrong method",
  409: "Not possible as things stand",
  413: "Too large",
  415: "Wrong content type",
  422: "Refused",
  429: "Too many requests",
  500: "Something went wrong here",
  503: "Not possible at the moment",
};

/** What some statuses say besides: how to sign in (RFC 9110, section 11.6.1), and for how many seconds to wait. */
const besides: Readonly<Record<number, Headers>> = {
  401: { "www-authenticate": 'Bearer realm="makegood"' },
  429: { "retry-after": "60" },
  503: { "retry-after": "10" },
};

/** One fault in a request's body: where, as a JSON pointer, and what. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** The names that lead to a place, as a JSON pointer. Source: RFC 6901. */
export const pointerTo = (at: readonly unknown[]): string =>
  at.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** A refusal that also says where in what was sent its faults are. */
interface Pointed extends Refusal {
  readonly faults: readonly Fault[];
}

/** The answer "no, because", with each fault's place. */
export const pointed = (
  code: string,
  because: string,
  faults: readonly Fault[],
): { readonly ok: false; readonly refusal: Pointed } => ({ ok: false, refusal: { code, because, faults } });

/** The answer "no, because" of one member of a body. */
export const faulty = (code: string, member: string, because: string) =>
  pointed(code, because, [{ pointer: pointerTo([member]), detail: because }]);

/** What is wrong at one place, where the library speaks of its own insides: a name nobody knows, and one that is not there. */
const said = ({ kind, expected, received, message }: v.BaseIssue<unknown>): string => {
  if (kind !== "schema" || !message.startsWith("Invalid key: ")) return message;
  return expected === "never" ? `There is no such name here: ${received}.` : `${expected} must be given.`;
};

/** Turn a schema's issues into faults, each with its place. */
export const faultsOf = (issues: readonly v.BaseIssue<unknown>[]): readonly Fault[] =>
  issues.map((issue) => ({
    pointer: pointerTo((issue.path ?? []).map(({ key }) => key)),
    detail: said(issue),
  }));

/** A refusal as an RFC 9457 problem document. The one place where refusals become HTTP. */
export const problem = (refusal: Refusal | Pointed, more: readonly Fault[] = []): Response => {
  const { code, because } = refusal;
  const faults = [...more, ...("faults" in refusal ? refusal.faults : [])];
  const status = statuses[code] ?? 422;
  const body = {
    type: `https://makegood.dev/problems/${code}`,
    title: titles[status],
    status,
    code,
    detail: because,
    ...(faults.length > 0 && { errors: faults }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...besides[status] },
  });
};

/** What is answered when our own code failed: nothing of the inside, and a number to find it in the log by. */
export const failure = (incident: string): Response => {
  const body = {
    type: "about:blank",
    title: titles[500],
    status: 500,
    code: "failure",
    detail: `Please try again. If it happens again, tell us this number: ${incident}.`,
  };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return new Response(JSON.stringify(body), { status: 500, headers });
};
