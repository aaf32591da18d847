import { startAuthentication, startRegistration } from "@simplewebauthn/browser";
import type * as v from "valibot";
import type * as wire from "../../../shared/wire/passkeys.ts";
import type { Answered, Problem } from "./ask.ts";

type Creation = v.InferOutput<typeof wire.CreationOptions>;
type Registration = v.InferInput<typeof wire.Registration>;
type Request = v.InferOutput<typeof wire.RequestOptions>;
type Assertion = v.InferInput<typeof wire.Assertion>;

const isAddress = (host: string): boolean => host.includes(":") || /^[\d.]+$/.test(host);

/** Whether this browser can use passkeys on this page: it knows them, the way here is safe, and the host has a name. */
export const passkeysWork = (): boolean =>
  "PublicKeyCredential" in globalThis && isSecureContext && !isAddress(location.hostname);

const problemOf = (error: unknown): Problem => {
  const name = error instanceof Error ? error.name : "";
  const status = 0;
  if (name === "InvalidStateError")
    return { code: "passkey-known", because: "This device keeps a passkey of yours already.", status, fields: [] };
  if (name === "NotAllowedError" || name === "AbortError") {
    const because =
      "Your device did not confirm: it was cancelled, took too long, or keeps no passkey for this. Try again.";
    return { code: "passkey-cancelled", because, status, fields: [] };
  }
  const because = `Your browser could not use a passkey here. ${error instanceof Error ? error.message : ""}`.trim();
  return { code: "passkey-failed", because, status, fields: [] };
};

const tried = async <Value>(ceremony: () => Promise<Value>): Promise<Answered<Value>> => {
  try {
    return { ok: true, value: await ceremony() };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
};

/** Have an authenticator make a passkey; the browser asks the person. */
export const makePasskey = (optionsJSON: Creation): Promise<Answered<Registration>> =>
  tried(() => startRegistration({ optionsJSON }));

/** Have an authenticator answer with a passkey; the browser asks the person. */
export const answerByPasskey = (optionsJSON: Request): Promise<Answered<Assertion>> =>
  tried(() => startAuthentication({ optionsJSON }));
