import * as v from "valibot";
import { nameOf } from "../kit/name.ts";
import { endpoint } from "./endpoint.ts";

const none = v.undefined();
const token = v.pipe(v.string(), v.minLength(16), v.maxLength(100));
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
  body: v.strictObject({ token, name: nameOf(120) }),
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

/** The brands whoever asks owns, the first one first. All they do as an owner they do for the one that is `acting`. */
export const brands = endpoint({
  method: "GET",
  path: "/v1/brands",
  audience: ["brand"],
  says: "List the brands you own, and say for which of them you act in this session.",
  query: none,
  body: none,
  reply: v.object({ brands: v.array(v.object({ id: v.string(), name: v.string(), acting: v.boolean() })) }),
});

/** Act for another one of one's brands from now on, in this session. */
export const actFor = endpoint({
  method: "POST",
  path: "/v1/brands/:brand/act-for",
  audience: ["brand"],
  says: "Act for another brand of yours from now on, in this session.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({ brand: v.string() }),
});

/** Where a person is signed in: browsers and paired extensions. `own`: the one that asks. `lastSeenAt` is to the day. */
export const sessions = endpoint({
  method: "GET",
  path: "/v1/sessions",
  audience: ["brand", "influencer"],
  says: "List the browsers and extensions you are signed in with.",
  query: none,
  body: none,
  reply: v.object({
    sessions: v.array(
      v.object({
        id: v.string(),
        client: v.picklist(["browser", "extension"]),
        userAgent: v.string(),
        createdAt: v.number(),
        lastSeenAt: v.number(),
        expiresAt: v.number(),
        own: v.boolean(),
      }),
    ),
  }),
});

/** Sign one of them out, at once: a device that was lost, an extension that is no longer used. */
export const endSession = endpoint({
  method: "POST",
  path: "/v1/sessions/:session/end",
  audience: ["brand", "influencer"],
  says: "Sign a browser or an extension of yours out, at once.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({ ended: v.boolean() }),
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
