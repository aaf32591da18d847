import * as v from "valibot";
import { QuestionSchema } from "../audience/poll.ts";
import { idOf } from "../kit/id.ts";
import { nameOf } from "../kit/name.ts";
import { OfferDays } from "./contracts.ts";
import { endpoint } from "./endpoint.ts";
import { Campaign, CampaignPage, Contract, Influencer, PollPage } from "./shown.ts";

const none = v.undefined();
const name = nameOf(120);
const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));

const isPort = (port = "443"): boolean => Number(port) >= 1 && Number(port) <= 65_535;

/** A host name with an optional port, such as `shop.example` or `localhost:8788`. */
export const HostName = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(260),
  v.regex(
    /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/,
    "must be a host name such as shop.example, without https:// or a path",
  ),
  v.check((host) => !host.includes(".."), "must have letters or digits between its dots"),
  v.check((host) => isPort(host.split(":")[1]), "must have a port from 1 to 65535, if any"),
);

/** A brand's own settings: its name, publishable key, and the tag to paste. */
export const brand = endpoint({
  method: "GET",
  path: "/v1/brand",
  audience: ["brand"],
  says: "The brand, its publishable key and the script tag to paste into landing pages.",
  query: none,
  body: none,
  reply: v.object({ id: v.string(), name: v.string(), publishableKey: v.string(), scriptTag: v.string() }),
});

/** The brand's secret keys: never the keys themselves, only how each starts. */
export const secretKeys = endpoint({
  method: "GET",
  path: "/v1/keys",
  audience: ["brand"],
  says: "List secret keys.",
  query: none,
  body: none,
  reply: v.object({
    keys: v.array(v.object({ id: v.string(), name: v.string(), start: v.string(), createdAt: v.number() })),
  }),
});

/** A new secret key, shown this once. */
export const newSecretKey = endpoint({
  method: "POST",
  path: "/v1/keys",
  audience: ["brand"],
  says: "Make a secret key for a server. It is shown this once and stored only as a hash.",
  query: none,
  body: v.strictObject({ name }),
  reply: v.object({ id: v.string(), key: v.string() }),
});

/** Take a secret key out of use, at once. */
export const revokeSecretKey = endpoint({
  method: "POST",
  path: "/v1/keys/:key/revoke",
  audience: ["brand"],
  says: "Revoke a secret key at once.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({ revoked: v.boolean() }),
});

/** Start a campaign on some landing hosts. */
export const createCampaign = endpoint({
  method: "POST",
  path: "/v1/campaigns",
  audience: ["brand"],
  says: "Create a campaign with its landing hosts.",
  query: none,
  body: v.strictObject({ name, hosts: v.pipe(v.array(HostName), v.minLength(1), v.maxLength(50)) }),
  reply: Campaign,
});

/** The brand's campaigns, newest first. */
export const campaigns = endpoint({
  method: "GET",
  path: "/v1/campaigns",
  audience: ["brand"],
  says: "List campaigns, newest first.",
  query: none,
  body: none,
  reply: v.object({ campaigns: v.array(Campaign) }),
});

/** A campaign's live page. */
export const campaign = endpoint({
  method: "GET",
  path: "/v1/campaigns/:campaign",
  audience: ["brand"],
  says: "A campaign as it stands: visits, leads by grade, credit by influencer, money by stage, polls.",
  query: none,
  body: none,
  reply: CampaignPage,
});

/** One more landing host for a campaign. */
export const addHost = endpoint({
  method: "POST",
  path: "/v1/campaigns/:campaign/hosts",
  audience: ["brand"],
  says: "Add a landing host. It is verified when the brand's tag is first seen on it.",
  query: none,
  body: v.strictObject({ host: HostName }),
  reply: Campaign,
});

/** Invite an influencer: the link signs them in, once, within fourteen days. */
export const invite = endpoint({
  method: "POST",
  path: "/v1/influencers",
  audience: ["brand"],
  says: "Invite an influencer; answers with a link to send them.",
  query: none,
  body: v.strictObject({
    name,
    email: v.optional(v.pipe(v.string(), v.maxLength(254), v.email("must be an e-mail address"))),
  }),
  reply: v.object({ influencer: Influencer, invitationUrl: v.string() }),
});

/** Another invitation for someone who lost theirs, or is signed out everywhere. The one before stops working; that there was another stays on record. */
export const inviteAgain = endpoint({
  method: "POST",
  path: "/v1/influencers/:influencer/invitation",
  audience: ["brand"],
  says: "Make a new invitation link for an influencer; the one before stops working.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({ influencer: Influencer, invitationUrl: v.string() }),
});

/** The brand's influencers, newest first. */
export const influencers = endpoint({
  method: "GET",
  path: "/v1/influencers",
  audience: ["brand"],
  says: "List influencers, newest first.",
  query: none,
  body: none,
  reply: v.object({ influencers: v.array(Influencer) }),
});

/** Read a draft of terms without keeping it: the wording it would be signed as, or every problem in it. */
export const checkTerms = endpoint({
  method: "POST",
  path: "/v1/terms/check",
  audience: ["brand", "influencer"],
  says: "Check a draft of terms: its wording and hash, or every problem with its place.",
  query: none,
  body: v.strictObject({ terms: v.unknown() }),
  reply: v.object({
    ok: v.boolean(),
    termsHash: v.nullable(v.string()),
    text: v.array(v.string()),
    problems: v.array(v.object({ at: v.string(), code: v.string(), because: v.string() })),
    warnings: v.array(v.object({ at: v.string(), code: v.string(), because: v.string() })),
  }),
});

/** Draft a contract, or with `contract` redraft one that has not been offered yet. Terms that do not hold are refused, told one by one. */
export const draftContract = endpoint({
  method: "POST",
  path: "/v1/contracts",
  audience: ["brand"],
  says: "Draft a contract for one influencer in one campaign.",
  query: none,
  body: v.strictObject({
    contract: v.optional(idOf("contract")),
    campaign: idOf("campaign"),
    influencer: idOf("influencer"),
    terms: v.unknown(),
  }),
  reply: Contract,
});

/** Offer a drafted contract to its influencer, for 30 days unless it says otherwise. From here on only another version can take its place. */
export const offerContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/offer",
  audience: ["brand"],
  says: "Offer a drafted contract.",
  query: none,
  body: v.strictObject({ expiresInDays: v.optional(OfferDays) }),
  reply: Contract,
});

/** Complete a contract whose last day is over, and every window to make results good. The clock does the same by itself. */
export const completeContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/complete",
  audience: ["brand"],
  says: "Complete a contract whose last day is over.",
  query: none,
  body: v.strictObject({}),
  reply: Contract,
});

/** A promo code that belongs to one contract. Using it is a touch at the conversion's time. */
export const createCode = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/codes",
  audience: ["brand"],
  says: "Give a contract a promo code.",
  query: none,
  body: v.strictObject({
    code: v.pipe(
      v.string(),
      v.trim(),
      v.toUpperCase(),
      v.regex(/^[A-Z0-9_-]{3,40}$/, "must be 3 to 40 letters, digits, - or _"),
    ),
  }),
  reply: v.object({ code: v.string(), contract: v.string() }),
});

/** Put a poll on a campaign's landing pages. It takes the place of the one shown before. */
export const openPoll = endpoint({
  method: "POST",
  path: "/v1/campaigns/:campaign/polls",
  audience: ["brand"],
  says: "Open a poll on a campaign's landing pages, in place of the one before.",
  query: none,
  body: v.strictObject({
    title: text(120),
    questions: v.pipe(v.array(QuestionSchema), v.minLength(1), v.maxLength(10)),
    thanks: v.optional(text(200)),
    showResults: v.optional(v.boolean()),
  }),
  reply: PollPage,
});

/** A poll's live result. */
export const poll = endpoint({
  method: "GET",
  path: "/v1/polls/:poll",
  audience: ["brand"],
  says: "A poll and its answers so far.",
  query: none,
  body: none,
  reply: PollPage,
});

/** Take a poll off the landing pages. Its answers stay. */
export const closePoll = endpoint({
  method: "POST",
  path: "/v1/polls/:poll/close",
  audience: ["brand"],
  says: "Close a poll.",
  query: none,
  body: v.strictObject({}),
  reply: PollPage,
});
