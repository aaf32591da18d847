import type * as v from "valibot";
import { wording } from "../../shared/contract/wording.ts";
import { present } from "../../shared/kit/shape.ts";
import { type ResultShare, statement } from "../../shared/pay/statement.ts";
import type { Contract, ExplainedStatement, Link } from "../../shared/wire/shown.ts";
import { known } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc, LinkDoc, ShareDoc } from "../engine/shapes.ts";
import { hostsOf } from "./campaign.ts";
import { brandName, influencerName } from "./names.ts";

type Shown<Schema extends v.GenericSchema> = v.InferOutput<Schema>;

const signatures = async (reader: Reader, { contract, signatures: all }: ContractDoc) =>
  Promise.all(
    all.map(async (signature) => {
      const held = (await reader.private(`signature/${contract}/${signature.by}`)) as { name: string } | undefined;
      return { ...signature, name: held?.name ?? "" };
    }),
  );

/** A contract as either side sees it. */
export const contractShown = async (reader: Reader, id: string): Promise<Shown<typeof Contract>> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const campaign = await known<CampaignDoc>(reader, `campaign/${doc.campaign}`);
  const terms = present(doc.terms, "the terms of a drafted contract");
  return {
    id,
    brand: reader.brand,
    brandName: await brandName(reader),
    campaign: campaign.id,
    campaignName: campaign.name,
    influencer: doc.influencer,
    influencerName: await influencerName(reader, doc.influencer),
    status: doc.status === "none" ? "drafted" : doc.status,
    version: doc.version,
    terms,
    termsHash: doc.termsHash,
    text: [...wording(terms)],
    signatures: await signatures(reader, doc),
    hosts: await hostsOf(reader, campaign),
    codes: (await reader.documents(`contract-code/${id}/`)).map(([key]) => key.slice(`contract-code/${id}/`.length)),
    draftedAt: doc.draftedAt,
  };
};

/** A tracked link. */
export const linkShown = async (reader: Reader, code: string, origin: string): Promise<Shown<typeof Link>> => {
  const doc = await known<LinkDoc>(reader, `link/${code}`);
  return { ...doc, url: `${origin}/l/${code}`, clicks: await reader.counted(`clicked/${code}`) };
};

/** A contract's links, newest first. */
export const linksShown = async (reader: Reader, contract: string, origin: string): Promise<Shown<typeof Link>[]> => {
  const keys = (await reader.documents(`contract-link/${contract}/`)).map(([key]) => key.split("/").at(-1) ?? "");
  return Promise.all([...keys].reverse().map((code) => linkShown(reader, code, origin)));
};

const evidence = ({ stage: _, because: __, ...share }: ShareDoc): ResultShare => share;

/** The evidence a contract's statement is computed from. */
export const sharesOf = async (reader: Reader, contract: string): Promise<readonly ResultShare[]> =>
  (await reader.documents(`share/${contract}/`)).map(([, body]) => evidence(body as unknown as ShareDoc));

const mutable = (it: ResultShare) => ({
  ...it,
  ...(it.reversals && { reversals: it.reversals.map((reversal) => ({ ...reversal })) }),
});

/** A contract's statement as of an instant, with what is needed to compute it again. */
export const statementShown = async (
  reader: Reader,
  id: string,
  asOf: number,
): Promise<Shown<typeof ExplainedStatement>> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const terms = present(doc.terms, "the terms of a drafted contract");
  const shares = await sharesOf(reader, id);
  const { version, termsHash } = doc;
  const made = structuredClone(statement(terms, shares, asOf)) as Shown<typeof ExplainedStatement>["statement"];
  return { contract: id, version, termsHash, terms, asOf, shares: shares.map(mutable) as never, statement: made };
};
