import * as v from "valibot";
import { endpoint } from "./endpoint.ts";

const none = v.undefined();
const token = v.pipe(v.string(), v.minLength(16), v.maxLength(200));
const userCode = v.pipe(v.string(), v.trim(), v.toUpperCase(), v.minLength(4), v.maxLength(20));

/** Sign in with a one-time link. Opening the link changes nothing (mail scanners open links); pressing the button does this. Sets the session cookie. */
export const enter = endpoint({
  method: "POST",
  path: "/v1/enter",
  audience: ["anyone"],
  says: "Use up a one-time sign-in link and start a session.",
  query: none,
  body: v.strictObject({ token }),
  reply: v.object({ path: v.string() }),
});

/** Accept an invitation: become one brand's influencer, signed in. Sets the session cookie. */
export const join = endpoint({
  method: "POST",
  path: "/v1/join",
  audience: ["anyone"],
  says: "Accept an invitation and start a session.",
  query: none,
  body: v.strictObject({ token, name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120)) }),
  reply: v.object({ brand: v.string(), path: v.string() }),
});

/** What an invitation is for, so that the person sees it before accepting. */
export const invitation = endpoint({
  method: "POST",
  path: "/v1/invitation",
  audience: ["anyone"],
  says: "What an invitation is for, without using it.",
  query: none,
  body: v.strictObject({ token }),
  reply: v.object({ brandName: v.string(), name: v.string() }),
});

/** End this session. */
export const leave = endpoint({
  method: "POST",
  path: "/v1/leave",
  audience: ["brand", "influencer"],
  says: "Sign out.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({ left: v.boolean() }),
});

/** Start pairing an extension: a code to show to the person and one to ask with (RFC 8628, section 3.2). */
export const startPairing = endpoint({
  method: "POST",
  path: "/v1/pairing",
  audience: ["anyone"],
  says: "Start pairing a browser extension.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({
    deviceCode: v.string(),
    userCode: v.string(),
    verificationUrl: v.string(),
    expiresAt: v.number(),
    intervalMs: v.number(),
  }),
});

/** Ask whether the person has confirmed (RFC 8628, section 3.5). `token` once they have; `slower`: wait five seconds more between questions. */
export const askPairing = endpoint({
  method: "POST",
  path: "/v1/pairing/ask",
  audience: ["anyone"],
  says: "Ask whether a pairing was confirmed; gives the bearer token once it was.",
  query: none,
  body: v.strictObject({ deviceCode: v.pipe(v.string(), v.maxLength(200)) }),
  reply: v.variant("state", [
    v.object({ state: v.literal("waiting") }),
    v.object({ state: v.literal("slower") }),
    v.object({ state: v.literal("denied") }),
    v.object({ state: v.literal("expired") }),
    v.object({ state: v.literal("paired"), token: v.string() }),
  ]),
});

/** Confirm or deny, in the signed-in web app, the code an extension shows. */
export const answerPairing = endpoint({
  method: "POST",
  path: "/v1/pairing/answer",
  audience: ["brand", "influencer"],
  says: "Confirm or deny the code an extension shows.",
  query: none,
  body: v.strictObject({ userCode, allow: v.boolean() }),
  reply: v.object({ paired: v.boolean() }),
});
