import * as v from "valibot";
import { BundleSchema } from "../contract/bundle.ts";
import { hash } from "../fact.kit.ts";
import { endpoint } from "./endpoint.ts";

const none = v.undefined();

/** The public keys this server seals with, as JSON Web Keys; `hex` is the same key as seals name it. Readable from any origin. */
export const sealKeys = endpoint({
  method: "GET",
  path: "/.well-known/makegood-seal.json",
  audience: ["anyone"],
  says: "The public keys that seal signatures on this server.",
  query: none,
  body: none,
  reply: v.object({
    keys: v.array(
      v.object({
        kty: v.literal("OKP"),
        crv: v.literal("Ed25519"),
        use: v.literal("sig"),
        kid: v.string(),
        x: v.string(),
        hex: hash,
      }),
    ),
  }),
});

const ofVersion = v.strictObject({ version: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/))) });

/** A signed contract with all that proves it; the version signed last unless one is named. */
export const bundle = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract/bundle",
  audience: ["brand", "influencer"],
  says: "A signed contract with its sign records, seals and chain links, as one file that can be checked offline.",
  query: ofVersion,
  body: none,
  reply: BundleSchema,
});

/** The same as a PDF to read and print, with the bundle attached inside it. */
export const certificate = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract/certificate",
  audience: ["brand", "influencer"],
  says: "The certificate of a signed contract: a PDF that carries the bundle inside and is sealed as a whole.",
  query: ofVersion,
  body: none,
  reply: v.unknown(),
});
