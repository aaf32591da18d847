import type * as v from "valibot";
import { doors } from "../../shared/wire/doors.ts";
import type { Endpoint } from "../../shared/wire/endpoint.ts";
import { HUMAN, LANDING, type Scene, terms } from "./scene.ts";

/** The ids a scene has for every kind of thing a door may name in its path. */
export type Ids = {
  readonly campaign: string;
  readonly contract: string;
  readonly conversion: string;
  readonly poll: string;
  readonly key: string;
  readonly influencer: string;
};

/** What an authenticator nobody knows would answer. */
const answered = (more: object) => ({
  id: "AAAA",
  rawId: "AAAA",
  type: "public-key",
  response: { clientDataJSON: "AAAA", ...more },
});

/** A body each door would take, by the door's name: what the faulty ones are made from. */
export const goodBodies: Readonly<Record<string, (scene: Scene, ids: Ids) => object>> = {
  beacon: ({ brand }) => ({ k: brand.publishableKey, p: LANDING, n: "view-good-1", v: "visitor-good" }),
  result: ({ brand }) => ({ k: brand.publishableKey, p: LANDING, n: "lead-good-1", result: "lead", fields: {} }),
  answer: ({ brand }, { poll }) => ({ k: brand.publishableKey, p: LANDING, n: "answer-good", poll, answers: { a: 1 } }),
  enter: () => ({ token: "x".repeat(43) }),
  join: () => ({ token: "x".repeat(43), name: "Nobody" }),
  invitation: () => ({ token: "x".repeat(43) }),
  leave: () => ({}),
  endSession: () => ({}),
  actFor: () => ({}),
  startPairing: () => ({}),
  askPairing: () => ({ deviceCode: "never-given" }),
  answerPairing: () => ({ userCode: "NEVER123", allow: true }),
  startPasskey: () => ({ proof: "never-given" }),
  addPasskey: () => ({ name: "Laptop", registration: answered({ attestationObject: "AAAA" }) }),
  renamePasskey: () => ({ name: "Laptop" }),
  removePasskey: () => ({ proof: "never-given" }),
  startEntry: () => ({}),
  enterByPasskey: () => ({ assertion: answered({ authenticatorData: "AAAA", signature: "AAAA" }) }),
  startProof: () => ({ purpose: "payout-details" }),
  finishProof: () => ({ purpose: "payout-details" }),
  sign: ({ termsHash }) => ({ termsHash, name: "Some Body", agree: true, proof: "never-given" }),
  grabLink: () => ({ destination: LANDING }),
  approveStatement: () => ({}),
  makePayoutBatch: () => ({ rail: "manual", currency: "USD" }),
  settlePayout: () => ({ reference: "Bank 17" }),
  failPayout: () => ({ reason: "The account is closed." }),
  returnPayout: () => ({ reason: "The account is closed." }),
  unclaimPayout: () => ({}),
  sayPayoutDetails: () => ({ details: { rail: "manual", note: "By post" }, proof: "never-given" }),
  sayPayoutSettings: () => ({ prefunded: false }),
  sayWithholding: () => ({ withholdBp: 1500 }),
  remitTax: () => ({ rail: "manual", currency: "USD", amountMinor: 1, reference: "Bank 18" }),
  fundDeposit: () => ({ rail: "manual", currency: "USD", amountMinor: 1 }),
  reserveDeposit: () => ({ amountMinor: 1 }),
  releaseDeposit: () => ({ amountMinor: 1 }),
  proposeWriteOff: () => ({ currency: "USD", amountMinor: 1 }),
  confirmWriteOff: () => ({}),
  newSecretKey: () => ({ name: "Second key" }),
  revokeSecretKey: () => ({}),
  makeFit: () => ({ model: "markov", from: "2026-10-01", until: "2026-10-31", windowDays: 30, house: "included" }),
  startHoldout: () => ({ partBp: 2000 }),
  endHoldout: () => ({}),
  createCampaign: () => ({ name: "Winter", hosts: ["winter.example"] }),
  addHost: () => ({ host: "spring.example" }),
  invite: () => ({ name: "Somebody" }),
  inviteAgain: () => ({}),
  checkTerms: () => ({ terms }),
  draftContract: ({ campaign, influencer }) => ({ campaign, influencer, terms }),
  offerContract: () => ({}),
  completeContract: () => ({}),
  counterContract: () => ({ terms }),
  amendContract: () => ({ terms }),
  declineContract: () => ({ reason: "other" }),
  withdrawContract: () => ({}),
  terminateContract: () => ({ lastDay: "2026-12-20" }),
  agreeTermination: () => ({}),
  reviewContract: () => ({}),
  createCode: () => ({ code: "SPRING" }),
  openPoll: () => ({ title: "Why?", questions: [{ id: "why", kind: "text", title: "Why?" }] }),
  closePoll: () => ({}),
  approve: () => ({}),
  reject: () => ({ reason: "fake" }),
  releaseHeld: () => ({}),
  reverse: () => ({ reversal: "refund-good", permille: 100 }),
  openDispute: (_, { contract, conversion }) => ({
    item: { kind: "conversion", contract, conversion },
    amountMinor: 100,
    reason: "other",
    text: "Not one of ours.",
  }),
  answerDispute: () => ({ text: "It is." }),
  proposeSplit: () => ({ split: { brandPermille: 500 } }),
  acceptSplit: () => ({ proposal: 0 }),
  escalateDispute: () => ({}),
  withdrawDispute: () => ({}),
  concedeDispute: () => ({}),
  mediation: () => ({ key: "a".repeat(26) }),
  decideDispute: () => ({ keys: ["a".repeat(26), "b".repeat(26)], split: { brandPermille: 500 } }),
  view: ({ link }) => ({ id: "view-good", link: link.code, visitor: "visitor-good" }),
  convert: () => ({ result: "lead", id: "lead-good" }),
};

type Role = "brand" | "influencer" | "server" | "nobody";

/** Who a door is for; pages and strangers come without credentials. */
export const rolesOf = ({ audience }: Endpoint): readonly Role[] =>
  audience.includes("anyone") || audience.includes("page") ? ["nobody"] : (audience as readonly Role[]);

/** The headers someone of this role sends, before what the request is about. */
export const credentials = (scene: Scene, role: Role): Record<string, string> => {
  const all = { brand: scene.owner.headers, influencer: scene.ana.headers, server: scene.server.headers, nobody: {} };
  return { "user-agent": HUMAN, ...all[role] };
};

/** A door's address with its parameters filled in. */
export const addressOf = (door: Endpoint, ids: Readonly<Record<string, string | undefined>>): string =>
  door.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? "none"));

/** Doors by name, of one method. */
export const doorsOf = (method: "GET" | "POST"): readonly (readonly [string, Endpoint])[] =>
  Object.entries(doors).filter(([, door]) => door.method === method);

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** The members a door's body or query may have. */
export const membersOf = (schema: v.GenericSchema): Entries =>
  ((schema as { entries?: Entries }).entries ?? {}) as Entries;

/** A body in slices and without a length, the way a stream is sent. */
export const sliced = (text: string): RequestInit =>
  ({
    body: new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < text.length; at += 8192)
          controller.enqueue(new TextEncoder().encode(text.slice(at, at + 8192)));
        controller.close();
      },
    }),
    duplex: "half",
  }) as RequestInit;
