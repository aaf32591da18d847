import { createHash } from "node:crypto";
import {
  type ContractCommand,
  type ContractFact,
  consentVersion,
  contractLife,
  covers,
  type Party,
} from "../../shared/contract/contract.ts";
import { signedText, type Terms } from "../../shared/contract/terms.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import type { Work } from "../engine/record.ts";
import type { CampaignDoc, ContractDoc, HostDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";
import { isLoopback } from "./campaigns.ts";

/** The hash both sides sign: SHA-256, in hex, of the terms' canonical text. */
export const termsHashOf = (terms: Terms): string => createHash("sha256").update(signedText(terms)).digest("hex");

const noContract = (id: string) => refuse("not-found", `There is no contract ${id}.`);

const ask = async (unit: Unit, contract: string, command: ContractCommand, by: string): Promise<Result<string>> => {
  const state = (await read<ContractDoc>(unit, `contract/${contract}`)) ?? contractLife.initial;
  if (state.status === "none" && command.type !== "draft") return noContract(contract);
  const decided = contractLife.decide(state, command);
  if (!decided.ok) return decided;
  for (const fact of decided.value as readonly ContractFact[]) await unit.record(fact as never, by);
  return ok(contract);
};

/** Draft a contract, or redraft one that has not been offered. */
export const draftContract =
  (
    given: { readonly contract: string; readonly campaign: string; readonly influencer: string; readonly terms: Terms },
    by: string,
  ): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`campaign/${given.campaign}`)))
      return refuse("not-found", `There is no campaign ${given.campaign}.`);
    if (!(await unit.document(`influencer/${given.influencer}`)))
      return refuse("not-found", `There is no influencer ${given.influencer}.`);
    return ask(unit, given.contract, { type: "draft", ...given, termsHash: termsHashOf(given.terms) }, by);
  };

/** Offer a drafted contract. */
export const offerContract =
  (contract: string, by: string): Work<string> =>
  (unit) =>
    ask(unit, contract, { type: "offer" }, by);

/** Sign for one party. The typed name is kept apart from the fact, so that it can be erased. */
export const signContract =
  (
    contract: string,
    signed: { readonly by: Party; readonly termsHash: string; readonly name: string },
    by: string,
  ): Work<string> =>
  async (unit) => {
    const done = await ask(
      unit,
      contract,
      { type: "sign", by: signed.by, termsHash: signed.termsHash, consent: consentVersion },
      by,
    );
    // Signing again changes nothing, the name first typed included.
    const key = `signature/${contract}/${signed.by}`;
    if (done.ok && !(await unit.private(key))) unit.setPrivate(key, { name: signed.name });
    return done;
  };

/** Complete a contract whose last day is over. */
export const completeContract =
  (contract: string, at: number, by: string): Work<string> =>
  (unit) =>
    ask(unit, contract, { type: "complete", at }, by);

/** Give a contract a promo code. A code belongs to one contract of the brand, for good. */
export const createCode =
  (contract: string, code: string, by: string): Work<{ readonly code: string; readonly contract: string }> =>
  async (unit) => {
    if (!(await unit.document(`contract/${contract}`))) return noContract(contract);
    const taken = await read<{ contract: string }>(unit, `code/${code}`);
    if (taken && taken.contract !== contract)
      return refuse("code-taken", `The code ${code} already belongs to another contract. Choose another one.`);
    if (!taken) await unit.record({ type: "code-created", code, contract }, by);
    return ok({ code, contract });
  };

const parsedDestination = (text: string): URL | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username || url.password ? undefined : url;
};

/** Where a link may lead: https (or loopback), on a verified host of the campaign, and not carrying our own click id. */
const destinationOf = async (unit: Unit, campaign: CampaignDoc, text: string): Promise<Result<string>> => {
  const url = parsedDestination(text.trim());
  if (!url)
    return refuse("bad-destination", "This is not the address of a page. Copy the whole address, from https:// on.");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.host)))
    return refuse("bad-destination", "A tracked link leads to an https:// address.");
  if (!campaign.hosts.includes(url.host))
    return refuse(
      "host-not-in-campaign",
      `${url.host} does not belong to this campaign, whose pages are on ${campaign.hosts.join(", ")}.`,
    );
  const host = await read<HostDoc>(unit, `host/${url.host}`);
  if (!host?.verified)
    return refuse(
      "host-not-verified",
      `${url.host} is not verified yet: the brand's tag has not been seen on it. Ask the brand to install it.`,
    );
  url.searchParams.delete("mg");
  return ok(url.href);
};

/** Grab a link for a contract that runs. The same destination gives the same link. */
export const grabLink =
  (
    given: { readonly contract: string; readonly destination: string; readonly code: string },
    by: string,
  ): Work<string> =>
  async (unit) => {
    const contract = await read<ContractDoc>(unit, `contract/${given.contract}`);
    if (!contract) return noContract(given.contract);
    if (contract.status !== "running" || !contract.terms || !covers(contract.terms, unit.now))
      return refuse("contract-not-running", "Links can be made only while the contract runs.");
    const campaign = await read<CampaignDoc>(unit, `campaign/${contract.campaign}`);
    if (!campaign) return refuse("not-found", "The campaign of this contract is gone.");
    const destination = await destinationOf(unit, campaign, given.destination);
    if (!destination.ok) return destination;
    const made = await read<{ code: string }>(unit, `landing/${given.contract}/${destination.value}`);
    if (made) return ok(made.code);
    await unit.record(
      { type: "link-created", link: given.code, contract: given.contract, destination: destination.value },
      by,
    );
    unit.name(given.code);
    return ok(given.code);
  };
