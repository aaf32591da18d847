import { createHash } from "node:crypto";
import type * as v from "valibot";
import { otherParty } from "../../shared/contract/contract.ts";
import { allFor, directionOf } from "../../shared/contract/dispute.item.ts";
import { heldMinorOf } from "../../shared/contract/dispute.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import type { DisputePage, DisputeRow } from "../../shared/wire/disputes.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { DisputeDoc } from "../engine/shapes.dispute.ts";
import type { AccountDoc, CampaignDoc, ContractDoc, ConversionDoc } from "../engine/shapes.ts";
import { conversionPage } from "./conversion.ts";
import { brandName, influencerName } from "./names.ts";
import { statementShown } from "./statement.ts";

type Row = v.InferOutput<typeof DisputeRow>;
type Page = v.InferOutput<typeof DisputePage>;
/** Who looks. */
export type Onlooker = Page["you"];

const waitsFor = ({ status, opener, proposals }: DisputeDoc): Row["waitsFor"] => {
  if (status === "none" || status === "resolved") return null;
  if (status === "opened") return otherParty(opener);
  if (status === "escalated") return "mediator";
  const last = proposals.at(-1);
  return last ? otherParty(last.party) : "both";
};

const rowOf = async (reader: Reader, doc: DisputeDoc): Promise<Row> => {
  const { dispute, item, opener, reason, amountMinor, currency, status, openedAt, until, outcome } = doc;
  const contract = await known<ContractDoc>(reader, `contract/${item.contract}`);
  return {
    id: dispute,
    item,
    brandName: await brandName(reader),
    campaignName: (await known<CampaignDoc>(reader, `campaign/${contract.campaign}`)).name,
    influencer: contract.influencer,
    influencerName: await influencerName(reader, contract.influencer),
    opener,
    direction: directionOf(opener),
    reason,
    amountMinor,
    currency,
    heldMinor: heldMinorOf(doc),
    status: status === "none" ? "opened" : status,
    openedAt,
    until,
    waitsFor: waitsFor(doc),
    ifSilent: until === null ? null : allFor(doc.rules.silence, amountMinor),
    outcome: outcome && { ...outcome, adjustmentMinor: outcome.adjustmentMinor + outcome.easedMinor },
  };
};

/** A dispute as a row of a list. */
export const disputeRow = async (reader: Reader, id: string): Promise<Row> =>
  rowOf(reader, await known<DisputeDoc>(reader, `dispute/${id}`));

const saidOf = async (reader: Reader, { dispute, opener, proposals }: DisputeDoc): Promise<Page["said"]> => {
  const steps = [
    { step: "opened", by: opener },
    { step: "answered", by: otherParty(opener) },
    { step: "replied", by: opener },
    ...proposals.map(({ party }, index) => ({ step: `proposed-${index}`, by: party })),
    { step: "decided", by: "mediator" as const },
  ];
  const all = await Promise.all(
    steps.map(async ({ step, by }) => {
      const held = await reader.private(`dispute/${dispute}/${step}`);
      if (held === undefined) return [];
      const { text, links } = held as { readonly text?: string; readonly links: readonly string[] };
      return [{ step, by, text: text ?? null, links: [...links] }];
    }),
  );
  return all.flat();
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The evidence as it is now, beside the hash of what it was when the dispute was opened. */
const evidenceOf = async (reader: Reader, doc: DisputeDoc, you: Onlooker, asOf: number): Promise<Page["evidence"]> => {
  const { item, evidence } = doc;
  if (item.kind === "conversion") {
    const { influencer } = await known<ContractDoc>(reader, `contract/${item.contract}`);
    const { verdict } = await known<ConversionDoc>(reader, `conversion/${item.conversion}`);
    const page = await conversionPage(reader, item.conversion, you === "brand" ? null : influencer);
    return {
      ...evidence,
      unchanged: sha256(canonical(verdict as unknown as Json)) === evidence.hash,
      part: page.parts.find(({ contract }) => contract === item.contract) ?? null,
      statement: null,
    };
  }
  if (item.kind === "contract") {
    const { termsHash } = await known<ContractDoc>(reader, `contract/${item.contract}`);
    return { ...evidence, unchanged: termsHash === evidence.termsHash, part: null, statement: null };
  }
  const account = await read<AccountDoc>(reader, `account/${item.contract}`);
  const { statement } = await statementShown(reader, item.contract, asOf);
  return {
    ...evidence,
    unchanged: account?.closed[item.period]?.hash === evidence.hash,
    part: null,
    statement: statement.periods[item.period] ?? null,
  };
};

const mediatorUrlOf = async (reader: Reader, { dispute }: DisputeDoc, you: Onlooker, origin: string) => {
  const halves = (await reader.private(`dispute-key/${dispute}`)) as Record<string, string> | undefined;
  const half = you === "mediator" ? undefined : halves?.[you];
  return half === undefined ? null : `${origin}/mediate/${dispute}#key=${half}`;
};

/** A dispute with everything about it, as the brand, the influencer or the mediator may see it at an instant. */
export const disputePage = async (
  reader: Reader,
  id: string,
  { you, origin, asOf }: { readonly you: Onlooker; readonly origin: string; readonly asOf: number },
): Promise<Page> => {
  const doc = await known<DisputeDoc>(reader, `dispute/${id}`);
  const { rules, replied, proposals, events } = doc;
  return {
    ...(await rowOf(reader, doc)),
    you,
    mediator: rules.mediator,
    replied,
    proposals: proposals.map((it, proposal) => ({ proposal, ...it })),
    said: await saidOf(reader, doc),
    evidence: await evidenceOf(reader, doc, you, asOf),
    events: events.map((it) => ({ ...it, by: it.by.split(":")[0] ?? "" })),
    mediatorUrl: await mediatorUrlOf(reader, doc, you, origin),
  };
};
