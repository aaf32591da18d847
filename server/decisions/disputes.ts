import { createHash } from "node:crypto";
import { overAt, type Party, versionAt } from "../../shared/contract/contract.ts";
import {
  type DisputeItem,
  type DisputeReason,
  disputeRules,
  MOST_MISSING_MINOR,
  type SplitAsked,
} from "../../shared/contract/dispute.item.ts";
import { disputeLife } from "../../shared/contract/dispute.life.ts";
import type { DisputeCommand, DisputeEvidence } from "../../shared/contract/dispute.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { DAY_MS, periodAt } from "../../shared/kit/time.ts";
import { sumMinor } from "../../shared/pay/price.ts";
import { known, read } from "../engine/book.ts";
import { dealOfContract } from "../engine/deal.ts";
import { askDispute } from "../engine/due.dispute.ts";
import { postMoney } from "../engine/posting.ts";
import type { Work } from "../engine/record.ts";
import type { DisputeDoc } from "../engine/shapes.dispute.ts";
import type { AccountDoc, ContractDoc, ConversionDoc, ShareDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";
import { disputableMinor, disputedOf } from "../engine/worth.ts";

/** What a side says beside what it does: words and addresses, kept apart from facts. */
export interface Said {
  readonly text?: string | undefined;
  readonly links?: readonly string[] | undefined;
}

/** A dispute as it is asked for. */
export interface Opening {
  readonly dispute: string;
  readonly item: DisputeItem;
  readonly opener: Party;
  readonly reason: DisputeReason;
  readonly amountMinor: number;
}

/** An item as it stands: since when it can be disputed, under which terms, on what evidence, and in which period. */
interface Standing {
  readonly since: number;
  readonly terms: Terms;
  readonly evidence: DisputeEvidence;
  readonly period: number | null;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const undecided = refuse(
  "not-decided-yet",
  "Whether this counts is not decided yet. It can be disputed once it has counted or was rejected.",
);

/** The version of the terms that decides an instant, or the one signed last. */
const versionFor = (contract: ContractDoc, at: number) => versionAt(contract, at) ?? contract.versions.at(-1);

/**
 * Since when a side may dispute a conversion. The brand: since it counted. The influencer: since it counted, was rejected,
 * or was last taken back from or shared anew. History counts from the day we were told of it.
 */
const sinceOf = (doc: ConversionDoc, share: ShareDoc, countedAt: number | undefined, opener: Party) => {
  const judgedAt = doc.events.findLast(({ what }) => what.startsWith("judged"))?.at;
  const lost = [
    doc.rejected?.at,
    share.state === "rejected" && !doc.rejected ? judgedAt : undefined,
    ...doc.reversals.map(({ at }) => at),
    ...(share.restated ?? []).map(({ at }) => at),
  ];
  const instants = [countedAt, ...(opener === "influencer" ? lost : [])].filter((it) => it !== undefined);
  return instants.length === 0 ? undefined : Math.max(doc.recordedAt, ...instants);
};

/** Is anything of a conversion a contract's, or was it on a statement that is final? */
const isTheirs = ({ restated }: ConversionDoc, part: { readonly contract: string; readonly shareMicro: number }) =>
  part.shareMicro > 0 || restated?.[part.contract] !== undefined;

const conversionStanding = async (
  unit: Unit,
  contract: ContractDoc,
  conversion: string,
  opener: Party,
): Promise<Result<Standing>> => {
  const doc = await read<ConversionDoc>(unit, `conversion/${conversion}`);
  const part = doc?.verdict?.parts.find((it) => it.contract === contract.contract && isTheirs(doc, it));
  const share = await read<ShareDoc>(unit, `share/${contract.contract}/${conversion}`);
  const version = doc && versionFor(contract, doc.recorded.at);
  if (!doc || !part || !share || !version) return refuse("not-found", `There is no conversion ${conversion}.`);
  const since = sinceOf(doc, share, doc.countedAt[contract.contract], opener);
  if (since === undefined) return undecided;
  return ok({
    since,
    terms: version.terms,
    evidence: {
      hash: sha256(canonical(doc.verdict as unknown as Json)),
      version: part.version,
      termsHash: part.termsHash,
    },
    period: periodAt(dealOfContract(contract).periods, doc.recorded.at)?.index ?? null,
  });
};

const versionEvidence = ({ version, termsHash }: { readonly version: number; readonly termsHash: string }) => ({
  version,
  termsHash,
});

const statementStanding = async (unit: Unit, contract: ContractDoc, period: number): Promise<Result<Standing>> => {
  const account = await read<AccountDoc>(unit, `account/${contract.contract}`);
  const closed = account?.closed[period];
  const from = dealOfContract(contract).periods[period]?.from;
  const version = from === undefined ? undefined : versionFor(contract, from);
  if (!version) return refuse("not-found", `There is no statement ${period} of this contract.`);
  if (!closed) return refuse("statement-open", "This statement is still open. It can be disputed once it has closed.");
  const evidence = { hash: closed.hash, ...versionEvidence(version) };
  return ok({ since: closed.at, terms: version.terms, evidence, period });
};

const contractStanding = (contract: ContractDoc, now: number): Result<Standing> => {
  const version = versionFor(contract, now);
  if (!version) return refuse("contract-not-running", "Both sides have to sign a contract before it can be disputed.");
  // What is settled before the first day would be on no statement.
  const begins = dealOfContract(contract).periods[0]?.from;
  if (begins !== undefined && now < begins)
    return refuse("contract-not-running", "This contract has not begun yet. It can be disputed from its first day on.");
  const evidence = { hash: version.termsHash, ...versionEvidence(version) };
  return ok({ since: overAt(contract) ?? now, terms: version.terms, evidence, period: null });
};

const standingOf = async (unit: Unit, { item, opener }: Opening): Promise<Result<Standing>> => {
  const contract = await read<ContractDoc>(unit, `contract/${item.contract}`);
  if (!contract) return refuse("not-found", `There is no contract ${item.contract}.`);
  if (item.kind === "conversion") return conversionStanding(unit, contract, item.conversion, opener);
  if (item.kind === "statement") return statementStanding(unit, contract, item.period);
  return contractStanding(contract, unit.now);
};

/** What is said is kept once, as it was said first; a fact never holds it. */
const keepSaid = async (unit: Unit, key: string, { text, links = [] }: Said): Promise<void> => {
  if (text === undefined && links.length === 0) return;
  if ((await unit.private(key)) !== undefined) return;
  unit.setPrivate(key, { ...(text !== undefined && { text }), links });
};

/** What is claimed to be missing from a contract, and not resolved yet. */
const claimedMinor = async (unit: Unit, contract: string): Promise<number> => {
  const ids = (await unit.documents(`contract-dispute/${contract}/`)).map(([key]) => key.split("/").at(-1) ?? "");
  const all = await Promise.all(ids.map((id) => known<DisputeDoc>(unit, `dispute/${id}`)));
  return sumMinor(all.map(({ opener, until, amountMinor }) => (opener === "influencer" && until ? amountMinor : 0)));
};

/** What the caps over all periods leave to claim, beside what is earned or claimed already. */
const missableMinor = async (unit: Unit, contract: string): Promise<number> => {
  const { versions } = await known<ContractDoc>(unit, `contract/${contract}`);
  const caps = versions.map(({ terms }) => terms.caps?.totalMinor);
  if (caps.includes(undefined)) return MOST_MISSING_MINOR;
  const earnedMinor = (await read<AccountDoc>(unit, `account/${contract}`))?.wanted.reached.validated ?? 0;
  return sumMinor([...caps.map((it) => it ?? 0), -earnedMinor, 0 - (await claimedMinor(unit, contract))]);
};

/** The most a side may dispute: of a `less` what is there and undisputed, of a `more` what the contract can still pay. */
const mostOf = async (unit: Unit, { item, opener }: Opening, { period }: Standing): Promise<number> =>
  opener === "brand" ? disputableMinor(unit, item, period) : missableMinor(unit, item.contract);

/** Dispute an item. What the brand says should not be paid is held from now on, and nothing else is. */
export const openDispute =
  (opening: Opening, said: Said, by: string): Work<string> =>
  async (unit) => {
    const standing = await standingOf(unit, opening);
    if (!standing.ok) return standing;
    const { since, terms, evidence, period } = standing.value;
    const { open, brand, influencer } = await disputedOf(unit, opening.item);
    const command: DisputeCommand = {
      type: "open",
      ...opening,
      period,
      currency: terms.currency,
      rules: disputeRules(terms, opening.opener),
      evidence,
      at: unit.now,
      lastMoment: since + terms.timing.disputeDays * DAY_MS,
      mostMinor: await mostOf(unit, opening, standing.value),
      explained: said.text !== undefined,
      before: { open: open !== null, bySameSide: (opening.opener === "brand" ? brand : influencer) !== null },
    };
    const decided = disputeLife.decide(disputeLife.initial, command);
    if (!decided.ok) return decided;
    for (const fact of decided.value) await unit.record(fact as never, by);
    await keepSaid(unit, `dispute/${opening.dispute}/opened`, said);
    unit.name(opening.dispute);
    await postMoney(unit, null, by);
    return ok(opening.dispute);
  };

/** Answer a dispute, or reply to the answer: each once. */
export const answerDispute =
  (dispute: string, party: Party, said: Said, by: string): Work<string> =>
  async (unit) => {
    const done = await askDispute(unit, dispute, () => ({ type: "answer", party, at: unit.now }), by);
    const opener = (await read<DisputeDoc>(unit, `dispute/${dispute}`))?.opener;
    if (done.ok) await keepSaid(unit, `dispute/${dispute}/${party === opener ? "replied" : "answered"}`, said);
    return done;
  };

/** Propose a split of the amount. */
export const proposeSplit =
  (dispute: string, party: Party, split: SplitAsked, said: Said, by: string): Work<string> =>
  async (unit) => {
    const done = await askDispute(unit, dispute, () => ({ type: "propose", party, at: unit.now, split }), by);
    const count = (await read<DisputeDoc>(unit, `dispute/${dispute}`))?.proposals.length ?? 0;
    if (done.ok) await keepSaid(unit, `dispute/${dispute}/proposed-${count - 1}`, said);
    return done;
  };

/** Accept the other side's proposal, named by its place from zero, so that nobody accepts one they have not read. */
export const acceptSplit =
  (dispute: string, party: Party, proposal: number, by: string): Work<string> =>
  (unit) =>
    askDispute(unit, dispute, (_, worthMinor) => ({ type: "accept", party, at: unit.now, proposal, worthMinor }), by);

/**
 * Ask the mediator. Each side is given its own half of a key to hand to them; a decision takes both halves, so no side can
 * decide its own dispute. A side that keeps its half back only lets the deadline pass, to what the terms say.
 */
export const escalateDispute =
  (dispute: string, party: Party, halves: Readonly<Record<Party, string>>, by: string): Work<string> =>
  async (unit) => {
    const keys = { brand: sha256(halves.brand), influencer: sha256(halves.influencer) };
    const done = await askDispute(unit, dispute, () => ({ type: "escalate", party, at: unit.now, keys }), by);
    const key = `dispute-key/${dispute}`;
    if (done.ok && !(await unit.private(key))) unit.setPrivate(key, { ...halves });
    return done;
  };

/** Withdraw one's own dispute. */
export const withdrawDispute =
  (dispute: string, party: Party, by: string): Work<string> =>
  (unit) =>
    askDispute(unit, dispute, () => ({ type: "withdraw", party, at: unit.now }), by);

/** Concede the other side's dispute. */
export const concedeDispute =
  (dispute: string, party: Party, by: string): Work<string> =>
  (unit) =>
    askDispute(unit, dispute, (_, worthMinor) => ({ type: "concede", party, at: unit.now, worthMinor }), by);

/** Decide as the mediator, by both halves of the key. */
export const decideDispute =
  (dispute: string, halves: readonly string[], split: SplitAsked, said: Said): Work<string> =>
  async (unit) => {
    const keys = halves.map(sha256);
    const done = await askDispute(
      unit,
      dispute,
      (_, worthMinor) => ({ type: "decide", at: unit.now, keys, split, worthMinor }),
      "mediator",
    );
    if (done.ok) await keepSaid(unit, `dispute/${dispute}/decided`, said);
    return done;
  };
