import type * as v from "valibot";
import type { Refusal } from "../../shared/kit/shape.ts";

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
  "holdout-not-allowed": 409,
  "holdout-running": 409,
  "idempotency-key-needed": 400,
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
  "idempotency-key-reused": 422,
};

const titles: Readonly<Record<number, string>> = {
  400: "The request could not be read",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  409: "Not possible as things stand",
  413: "Too large",
  415: "Wrong content type",
  422: "Refused",
  500: "Something went wrong here",
  503: "Not possible at the moment",
};

/** One fault in a request's body: where, as a JSON pointer, and what. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** Turn a schema's issues into faults, each with its place. */
export const faultsOf = (issues: readonly v.BaseIssue<unknown>[]): readonly Fault[] =>
  issues.map((issue) => ({
    pointer: (issue.path ?? [])
      .map(({ key }) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`)
      .join(""),
    detail: issue.message,
  }));

/** A refusal as an RFC 9457 problem document. The one place where refusals become HTTP. */
export const problem = ({ code, because }: Refusal, faults: readonly Fault[] = []): Response => {
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
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
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
  return new Response(JSON.stringify(body), { status: 500, headers: { "content-type": "application/problem+json" } });
};
