import * as v from "valibot";
import { AnswersSchema, PollSchema } from "../audience/poll.ts";
import { ResultName } from "../contract/terms.ts";
import { endpoint } from "./endpoint.ts";

const Key = v.pipe(v.string(), v.regex(/^pk_[0-9a-z]{20}$/, "must be a publishable key (pk_…)"));
const Nonce = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,40}$/, "must be 8 to 40 letters, digits, - or _"));
const Click = v.pipe(v.string(), v.maxLength(160));
const PageUrl = v.pipe(v.string(), v.maxLength(2048));
const Fields = v.record(v.pipe(v.string(), v.maxLength(40)), v.pipe(v.string(), v.maxLength(500)));

/** Who the visitor is, as far as they allow it: nothing at all, or a random first-party id and the click that led here. */
const whence = {
  /** The tag's publishable key. */
  k: Key,
  /** Random first-party visitor id; absent without consent. */
  v: v.optional(Nonce),
  /** The `mg` parameter the page was reached with: `code.token` with consent, the bare `code` without. */
  c: v.optional(Click),
  /** Page address, without query or fragment. */
  p: PageUrl,
};

/** A landing page was seen. `n` identifies this page view. */
export const beacon = endpoint({
  method: "POST",
  path: "/v1/beacon",
  audience: ["page"],
  says: "Say that a landing page was seen, and by which tracked link it was reached. Answers 204 once it is on disk.",
  query: v.undefined(),
  body: v.strictObject({
    ...whence,
    n: Nonce,
    kind: v.optional(v.picklist(["visit", "cta"])),
  }),
  reply: v.undefined(),
});

/**
 * What a page shows on top of itself: today, at most one poll. Carries no identifier of the visitor; the click that led
 * there, as far as the visitor allows it, tells whether an experiment holds them out, who are shown no poll.
 */
export const page = endpoint({
  method: "GET",
  path: "/v1/page",
  audience: ["page"],
  says: "Ask which poll a landing page shows.",
  query: v.strictObject({ k: Key, p: PageUrl, c: v.optional(Click) }),
  body: v.undefined(),
  reply: v.strictObject({ poll: v.nullable(PollSchema) }),
});

/** A visitor became a lead or a buyer, as seen by the page. `n` makes repeats of one submission count once. */
export const result = endpoint({
  method: "POST",
  path: "/v1/results",
  audience: ["page"],
  says: "Record a result seen by a landing page. It is graded, but by itself it never releases money unless its lead is accepted.",
  query: v.undefined(),
  body: v.strictObject({
    ...whence,
    n: Nonce,
    result: ResultName,
    id: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
    valueMinor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))),
    currency: v.optional(v.string()),
    code: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(40))),
    fields: v.optional(Fields),
  }),
  reply: v.strictObject({ recorded: v.boolean() }),
});

/** A visitor answered a poll. The tally comes back only when the poll shows its results. */
export const answer = endpoint({
  method: "POST",
  path: "/v1/answers",
  audience: ["page"],
  says: "Answer a poll. The same page view answers once.",
  query: v.undefined(),
  body: v.strictObject({ ...whence, n: Nonce, poll: v.pipe(v.string(), v.maxLength(40)), answers: AnswersSchema }),
  reply: v.strictObject({
    tally: v.nullable(
      v.strictObject({ responses: v.number(), questions: v.record(v.string(), v.record(v.string(), v.number())) }),
    ),
  }),
});
