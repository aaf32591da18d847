import type * as v from "valibot";
import { inForce, overAt } from "../../shared/contract/contract.ts";
import { wordingOf, wordingVersion } from "../../shared/contract/wording.ts";
import { present } from "../../shared/kit/shape.ts";
import type { ContractVersion } from "../../shared/wire/contracts.ts";
import type { Contract, Link } from "../../shared/wire/shown.ts";
import { known } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc, LinkDoc, VersionDoc } from "../engine/shapes.ts";
import { hostsOf } from "./campaign.ts";
import { brandName, influencerName } from "./names.ts";

type Shown<Schema extends v.GenericSchema> = v.InferOutput<Schema>;
type Span = { from: number; until: number } | null;

/** What somebody typed as their name; contracts from before amendments kept it without its version. */
const signerOf = async (reader: Reader, contract: string, { version, by }: ContractDoc["signatures"][number]) =>
  ((await reader.private(`signature/${contract}/${version}/${by}`)) ??
    (await reader.private(`signature/${contract}/${by}`))) as { readonly name: string } | undefined;

const signatures = async (reader: Reader, { contract, signatures: all }: ContractDoc) =>
  Promise.all(
    all.map(async (signature) => ({
      ...signature,
      name: (await signerOf(reader, contract, signature))?.name ?? "",
    })),
  );

const spanIn = (doc: ContractDoc, version: number): Span => {
  const held = inForce(doc).find((it) => it.version === version);
  return held ? { from: held.from, until: held.until } : null;
};

const signedShown = (doc: ContractDoc): Shown<typeof Contract>["versions"] =>
  doc.versions.map(({ version, terms: { starts, ends }, termsHash, startedAt }) => ({
    version,
    termsHash,
    startedAt,
    starts,
    ends,
    inForce: spanIn(doc, version),
  }));

const proposalShown = ({ proposal }: ContractDoc): Shown<typeof Contract>["proposal"] => {
  if (!proposal) return null;
  const { wording: read, reminded: _, signedBy, terms, ...rest } = proposal;
  return { ...rest, terms, signedBy: [...signedBy], text: [...wordingOf(read, terms)] };
};

const historyShown = async (reader: Reader, { contract, events }: ContractDoc) =>
  Promise.all(
    events.map(async (it) => {
      const told = it.what === "declined" && (await reader.private(`decline/${contract}/${it.version}`));
      return told ? { ...it, note: (told as { readonly note: string }).note } : it;
    }),
  );

/** The wording a contract is read in: of the version signed last or on the table, and of a draft today's. */
const readIn = ({ versions, proposal }: ContractDoc): string =>
  versions.at(-1)?.wording ?? proposal?.wording ?? wordingVersion;

/** A contract as either side sees it. */
export const contractShown = async (reader: Reader, id: string): Promise<Shown<typeof Contract>> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const campaign = await known<CampaignDoc>(reader, `campaign/${doc.campaign}`);
  const terms = present(doc.terms, "the terms of a drafted contract");
  const { version, termsHash, draftedAt, lastDay, notice, review } = doc;
  const codes = `contract-code/${id}/`;
  return {
    id,
    brand: reader.brand,
    brandName: await brandName(reader),
    campaign: campaign.id,
    campaignName: campaign.name,
    influencer: doc.influencer,
    influencerName: await influencerName(reader, doc.influencer),
    status: doc.status === "none" ? "drafted" : doc.status,
    version,
    terms,
    termsHash,
    text: [...wordingOf(readIn(doc), terms)],
    signatures: (await signatures(reader, doc)).filter((it) => it.version === version),
    hosts: await hostsOf(reader, campaign),
    codes: (await reader.documents(codes)).map(([key]) => key.slice(codes.length)),
    draftedAt,
    versions: signedShown(doc),
    proposal: proposalShown(doc),
    lastDay,
    notice: notice && { ...notice },
    overAt: overAt(doc) ?? null,
    review: { ...review },
    history: await historyShown(reader, doc),
  };
};

/** Every version of a contract's terms, oldest first. */
export const versionsShown = async (reader: Reader, id: string): Promise<Shown<typeof ContractVersion>[]> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const signed = await signatures(reader, doc);
  const all = await reader.documents(`contract-version/${id}/`);
  return all.map(([, body]) => {
    const { wording, ...it } = body as unknown as VersionDoc;
    return {
      ...it,
      text: [...wordingOf(wording ?? wordingVersion, it.terms)],
      signatures: signed.filter(({ version }) => version === it.version),
      inForce: spanIn(doc, it.version),
    };
  });
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
