import * as v from "valibot";
import { nameOf } from "../kit/name.ts";
import { endpoint } from "./endpoint.ts";
import { Proof } from "./passkeys.ts";
import { ConversionPage } from "./shown.conversion.ts";
import { Contract, Earnings, ExplainedStatement, Link } from "./shown.ts";

const none = v.undefined();

/** Who is signed in, and what they may see. */
export const me = endpoint({
  method: "GET",
  path: "/v1/me",
  audience: ["influencer", "brand"],
  says: "Who is signed in, and for which brands.",
  query: none,
  body: none,
  reply: v.object({
    /** Who this is for good, by whatever name or e-mail; opaque, and empty for a server. */
    id: v.string(),
    name: v.string(),
    email: v.string(),
    memberships: v.array(
      v.object({
        brand: v.string(),
        brandName: v.string(),
        role: v.picklist(["owner", "influencer"]),
        influencer: v.optional(v.string()),
      }),
    ),
  }),
});

/** The contracts of whoever asks: a brand's all, an influencer's own over all brands, newest first. */
export const contracts = endpoint({
  method: "GET",
  path: "/v1/contracts",
  audience: ["influencer", "brand"],
  says: "List contracts, newest first.",
  query: v.strictObject({ campaign: v.optional(v.pipe(v.string(), v.minLength(1))) }),
  body: none,
  reply: v.object({ contracts: v.array(Contract) }),
});

/** One contract, with its wording and signatures. */
export const contract = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract",
  audience: ["influencer", "brand"],
  says: "Read one contract.",
  query: none,
  body: none,
  reply: Contract,
});

/**
 * Sign what was read: `termsHash` must be the hash of the terms on the table, so nobody signs something else. `proof`, for
 * the purpose `sign:{contract}:{termsHash}`, shows who is at the keyboard.
 */
export const sign = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/sign",
  audience: ["influencer", "brand"],
  says: "Sign an offer, a counter-offer or an amendment by typing one's name. Once both have signed, it holds.",
  query: none,
  body: v.strictObject({
    termsHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex")),
    name: nameOf(120, 2),
    agree: v.literal(true),
    proof: Proof,
  }),
  reply: Contract,
});

/** A contract's statement with the evidence to recompute it. */
export const statementOf = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract/statement",
  audience: ["influencer", "brand"],
  says: "A contract's statement, with the terms and shares it is computed from.",
  query: none,
  body: none,
  reply: ExplainedStatement,
});

/** Grab a tracked link to a page on one of the campaign's verified hosts. The same destination gives the same link. */
export const grabLink = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/links",
  audience: ["influencer"],
  says: "Make a tracked link to a page, or give back the one made before.",
  query: none,
  body: v.strictObject({ destination: v.pipe(v.string(), v.maxLength(2000)) }),
  reply: Link,
});

/** The links of one contract, newest first. */
export const links = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract/links",
  audience: ["influencer", "brand"],
  says: "List a contract's tracked links, newest first.",
  query: none,
  body: none,
  reply: v.object({ links: v.array(Link) }),
});

/** Live earnings over all running contracts, and the position the live stream goes on from. */
export const earnings = endpoint({
  method: "GET",
  path: "/v1/earnings",
  audience: ["influencer"],
  says: "Earnings of every running contract, by stage, with tiers and guarantee.",
  query: none,
  body: none,
  reply: v.object({ earnings: v.array(Earnings), position: v.string(), asOf: v.number() }),
});

/** One conversion, as far as it concerns whoever asks: an influencer sees their own share, others as opaque labels, and no personal data. */
export const conversion = endpoint({
  method: "GET",
  path: "/v1/conversions/:conversion",
  audience: ["influencer", "brand"],
  says: "One conversion: journey, shares, grade, rule and cents.",
  query: none,
  body: none,
  reply: ConversionPage,
});
