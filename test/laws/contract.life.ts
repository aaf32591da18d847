import type { ContractCommand } from "../../shared/contract/command.ts";
import { consentVersion } from "../../shared/contract/consent.ts";
import { type ContractState, overAt, type Party } from "../../shared/contract/contract.ts";
import { contractLife } from "../../shared/contract/life.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { HOUR_MS } from "../../shared/kit/time.ts";
import { terms as draft } from "../stories/scene.ts";

const read = readTerms({ ...draft, ends: "2028-12-31" });
if (!read.ok) throw new Error("the scene's terms hold");

/** Terms of two years, in months. */
export const terms: Terms = read.terms;
/** Noon of a day in the first month of them. */
export const NOW = Date.UTC(2026, 10, 10, 12);
/** Terms that may follow them. */
export const amended: Terms = { ...terms, starts: "2027-01-01" };
/** A hash for each version. */
export const hashOf = (version: number): string => String(version % 10).repeat(64);

const parties = ["brand", "influencer"] as const;

/** Something asked of a contract as it stands. */
export type Ask = (state: ContractState) => ContractCommand;

const proposing =
  (type: "counter" | "amend", by: Party): Ask =>
  (state) => ({
    type,
    by,
    terms: amended,
    termsHash: hashOf(state.latest + 1),
    at: NOW,
  });
const drafting = (campaign: string, version: number, it = terms): ContractCommand => ({
  type: "draft",
  contract: "con",
  campaign,
  influencer: "inf",
  terms: it,
  termsHash: hashOf(version),
});
const lateness = ({ proposal }: ContractState): number => proposal?.expiresAt ?? NOW;

const ofParty = (by: Party): Readonly<Record<string, Ask>> => ({
  [`${by} signs`]: ({ proposal }) => ({
    type: "sign",
    by,
    termsHash: proposal?.termsHash ?? "none",
    consent: consentVersion,
    at: NOW,
  }),
  [`${by} signs something else`]: () => ({
    type: "sign",
    by,
    termsHash: "f".repeat(64),
    consent: consentVersion,
    at: NOW,
  }),
  [`${by} counters`]: proposing("counter", by),
  [`${by} counters with what is there`]: ({ proposal }) => ({
    type: "counter",
    by,
    terms: amended,
    termsHash: proposal?.termsHash ?? "none",
    at: NOW,
  }),
  [`${by} amends`]: proposing("amend", by),
  [`${by} declines`]: () => ({ type: "decline", by, reason: "pay", at: NOW }),
  [`${by} withdraws`]: () => ({ type: "withdraw", by, at: NOW }),
  [`${by} gives notice`]: () => ({ type: "terminate", by, lastDay: "2027-06-15", at: NOW }),
  [`${by} asks to end at once`]: () => ({ type: "terminate", by, lastDay: "2026-11-10", at: NOW }),
  [`${by} agrees`]: () => ({ type: "agree", by, at: NOW }),
});

/** Everything that can be asked of a contract, by what it is called. Reviews are apart: they change nothing else. */
export const asks: Readonly<Record<string, Ask>> = {
  draft: () => drafting("cmp", 1),
  redraft: ({ version }) => drafting("cmp", version + 1),
  "draft for another campaign": () => drafting("other", 1),
  offer: () => ({ type: "offer", at: NOW }),
  ...ofParty("brand"),
  ...ofParty("influencer"),
  "the clock reminds": (state) => ({
    type: "remind",
    version: state.proposal?.version ?? 1,
    hours: 72,
    at: lateness(state) - 72 * HOUR_MS,
  }),
  "the clock reminds too early": (state) => ({
    type: "remind",
    version: state.proposal?.version ?? 1,
    hours: 24,
    at: lateness(state) - 24 * HOUR_MS - 1,
  }),
  "the clock reminds too late": (state) => ({
    type: "remind",
    version: state.proposal?.version ?? 1,
    hours: 24,
    at: lateness(state),
  }),
  "the clock expires": (state) => ({ type: "expire", version: state.proposal?.version ?? 1, at: lateness(state) }),
  "the clock expires too early": (state) => ({
    type: "expire",
    version: state.proposal?.version ?? 1,
    at: lateness(state) - 1,
  }),
  "the clock expires another": (state) => ({ type: "expire", version: 99, at: lateness(state) }),
  "the clock completes": (state) => ({ type: "complete", at: overAt(state) ?? NOW }),
  "the clock completes too early": (state) => ({ type: "complete", at: (overAt(state) ?? NOW) - 1 }),
};

/** Ask, and become what the facts make of it; a refusal leaves everything as it was. */
export const live = (state: ContractState, command: ContractCommand) => {
  const decided = contractLife.decide(state, command);
  const facts = decided.ok ? decided.value : [];
  return { facts: facts.map(({ type }) => type), after: facts.reduce(contractLife.evolve, state), decided };
};

/** A contract of which these things were asked, one after another. */
export const given = (with_: { readonly terms?: Terms }, ...names: readonly string[]): ContractState =>
  names.reduce((state, name) => {
    const command = name === "draft" ? drafting("cmp", 1, with_.terms) : asks[name]!(state);
    return live(state, command).after;
  }, contractLife.initial);

/** The code something is refused with, if it is. */
export const refusal = (state: ContractState, command: ContractCommand): string | undefined => {
  const { decided } = live(state, command);
  return decided.ok ? undefined : decided.refusal.code;
};

/** A contract both have signed. */
export const running = given({}, "draft", "offer", "brand signs", "influencer signs");

const noticeOf = ({ notice, lastDay }: ContractState): string => {
  if (!notice) return "";
  if (notice.lastDay === "2027-06-15") return `, notice by ${notice.by}`;
  return `, end asked for by ${notice.by}${lastDay === notice.lastDay ? " and agreed" : ""}`;
};

/** Where in its life a contract is, in words. */
export const positionOf = (state: ContractState): string => {
  const { status, proposal } = state;
  const signed = proposal?.signedBy[0] ? `, signed by ${proposal.signedBy[0]}` : "";
  return `${status}${proposal ? ` by ${proposal.by}${signed}` : ""}${noticeOf(state)}`;
};

/** One step: from where, asked what, the facts without their `contract-`, and to where. */
export type Edge = readonly [from: string, ask: string, facts: string, to: string];

const other = (by: Party): Party => (by === "brand" ? "influencer" : "brand");

/** What can happen to something on the table; `ended` says where it leaves the contract. */
const tabled = (status: "offered" | "running", ended: (how: string) => string): readonly Edge[] =>
  parties.flatMap((by) => {
    const start = `${status} by ${by}`;
    const all = [start, ...parties.map((who) => `${start}, signed by ${who}`)];
    return [
      ...parties.map((who): Edge => [start, `${who} signs`, "signed", `${start}, signed by ${who}`]),
      ...parties.map(
        (who): Edge => [
          `${start}, signed by ${other(who)}`,
          `${who} signs`,
          status === "offered" ? "signed started" : "signed amended",
          "running",
        ],
      ),
      ...all.flatMap((from): readonly Edge[] => [
        ...parties.map((who): Edge => [from, `${who} counters`, "countered", `${status} by ${who}`]),
        [from, `${by} withdraws`, "withdrawn", ended("withdrawn")],
        ...(from === `${start}, signed by ${other(by)}`
          ? []
          : [[from, `${other(by)} declines`, "declined", ended("declined")] as const]),
        [from, "the clock reminds", "reminded", from],
        [from, "the clock reminds too late", "expired", ended("expired")],
        [from, "the clock expires", "expired", ended("expired")],
      ]),
    ];
  });

const runningTabled = parties.flatMap((by) =>
  ["", ", signed by brand", ", signed by influencer"].map((signed) => `running by ${by}${signed}`),
);

const endings: readonly Edge[] = [
  ...["running", ...runningTabled].flatMap((from): readonly Edge[] => [
    ...parties.flatMap((by): readonly Edge[] => [
      [from, `${by} gives notice`, "notice-given", `running, notice by ${by}`],
      [from, `${by} asks to end at once`, "notice-given", `running, end asked for by ${by}`],
    ]),
    [from, "the clock completes", "completed", "completed"],
  ]),
  ...parties.flatMap((by): readonly Edge[] => {
    const [notice, asked] = [`running, notice by ${by}`, `running, end asked for by ${by}`];
    return [
      // Whoever would end it sooner may say so as well.
      ...parties.map(
        (who): Edge => [notice, `${who} asks to end at once`, "notice-given", `running, end asked for by ${who}`],
      ),
      [asked, `${other(by)} asks to end at once`, "notice-given", `running, end asked for by ${other(by)}`],
      [asked, `${other(by)} agrees`, "notice-agreed", `${asked} and agreed`],
      ...[notice, asked, `${asked} and agreed`].map(
        (from): Edge => [from, "the clock completes", "terminated", `terminated${from.slice("running".length)}`],
      ),
    ];
  }),
];

/** Every step a contract can take. Whatever else is asked of it, from wherever, records nothing. */
export const edges: readonly Edge[] = [
  ["none", "draft", "drafted", "drafted"],
  ["none", "redraft", "drafted", "drafted"],
  ["none", "draft for another campaign", "drafted", "drafted"],
  ["drafted", "redraft", "drafted", "drafted"],
  ["drafted", "offer", "offered", "offered by brand"],
  ...tabled("offered", (how) => how),
  ...parties.map((by): Edge => ["running", `${by} amends`, "amendment-proposed", `running by ${by}`]),
  ...tabled("running", () => "running"),
  ...endings,
];
