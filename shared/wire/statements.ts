import * as v from "valibot";
import { endpoint } from "./endpoint.ts";
import { GuaranteeStanding } from "./shown.ts";

const none = v.undefined();
const minor = v.number();

/** A contract's statements that are final. `hash` is the SHA-256 of the period's statement as canonical JSON. */
export const ClosedStatements = v.object({
  contract: v.string(),
  currency: v.nullable(v.string()),
  statements: v.array(
    v.object({
      period: v.number(),
      starts: v.string(),
      ends: v.string(),
      closedAt: v.number(),
      hash: v.string(),
      earnedMinor: minor,
      dueMinor: minor,
      carriedMinor: minor,
      approvedAt: v.nullable(v.number()),
      /** When silence approves it; null once it is approved, or where the terms say that silence approves nothing. */
      silenceAt: v.nullable(v.number()),
      /** How its guarantee stands now: what is being made good goes on after the statement closed. */
      guarantee: v.nullable(GuaranteeStanding),
    }),
  ),
});

/** The closed statements of a contract, oldest first. */
export const closedStatements = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract/statements",
  audience: ["brand", "server", "influencer"],
  says: "List a contract's statements that are final, and when each was approved.",
  query: none,
  body: none,
  reply: ClosedStatements,
});

/** Agree to a closed statement: its fixed pay is approved, and what it owes may be paid out. */
export const approveStatement = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/statements/:period/approve",
  audience: ["brand", "server"],
  says: "Approve a closed statement, so that its money may be paid out.",
  query: none,
  body: v.strictObject({}),
  reply: ClosedStatements,
});
