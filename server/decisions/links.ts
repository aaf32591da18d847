import { covers } from "../../shared/contract/contract.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import type { Work } from "../engine/record.ts";
import type { CampaignDoc, ContractDoc, HostDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";
import { isLoopback } from "./campaigns.ts";

const noContract = (id: string) => refuse("not-found", `There is no contract ${id}.`);

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
    if (contract.status !== "running" || !covers(contract, unit.now))
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
