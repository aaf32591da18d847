import type * as v from "valibot";
import { HOUSE } from "../../shared/journey/touch.ts";
import { standing } from "../../shared/judge/standing.ts";
import { houseShare } from "../../shared/judge/verdict.ts";
import { present } from "../../shared/kit/shape.ts";
import type { ConversionPage, ConversionRow } from "../../shared/wire/shown.conversion.ts";
import { known, read } from "../engine/book.ts";
import { knownOf, termsOfPart } from "../engine/part.ts";
import type { Reader } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc, ConversionDoc, ShareDoc } from "../engine/shapes.ts";
import { influencerName } from "./names.ts";

type Row = v.InferOutput<typeof ConversionRow>;
type Page = v.InferOutput<typeof ConversionPage>;
type Verdict = NonNullable<ConversionDoc["verdict"]>;
type Part = Verdict["parts"][number];
/** Who looks: an influencer by id, or null for the brand. */
type Viewer = string | null;

/** The parts of a verdict that whoever looks may see: the brand all of them, an influencer their own. */
const partsFor = ({ verdict }: ConversionDoc, viewer: Viewer): readonly Part[] =>
  (verdict?.parts ?? []).filter(({ influencer }) => viewer === null || influencer === viewer);

const ORDER = ["payable", "approved", "validated", "accrued", "rejected"] as const;

const isReversed = ({ reversals }: ConversionDoc): boolean =>
  reversals.reduce((sum, { permille }) => sum + permille, 0) >= 1000;

const stageOf = async (reader: Reader, doc: ConversionDoc, parts: readonly Part[]): Promise<Row["stage"]> => {
  if (doc.rejected) return "rejected";
  if (isReversed(doc)) return "reversed";
  if (parts.length === 0) return "house";
  const shares = await Promise.all(
    parts.map(({ contract }) => known<ShareDoc>(reader, `share/${contract}/${doc.recorded.conversion}`)),
  );
  return ORDER.find((stage) => shares.some((share) => share.stage === stage)) ?? "rejected";
};

const rowFor = async (reader: Reader, id: string, viewer: Viewer): Promise<Row> => {
  const doc = await known<ConversionDoc>(reader, `conversion/${id}`);
  const { result, externalId, at, via, valueMinor, currency } = doc.recorded;
  const parts = partsFor(doc, viewer).filter(({ shareMicro }) => shareMicro > 0);
  const graded = viewer === null ? doc.verdict : (parts[0] ?? partsFor(doc, viewer)[0]);
  return {
    id,
    result,
    // The brand's own name for it may well be a person's: an address, an account.
    externalId: viewer === null ? externalId : id,
    at,
    via,
    ...(valueMinor !== undefined && { valueMinor }),
    ...(currency !== undefined && { currency }),
    grade: graded?.grade.verdict ?? "review",
    stage: await stageOf(reader, doc, parts),
    credited: await Promise.all(
      parts.map(async ({ influencer, shareMicro }) => ({
        influencer,
        name: await influencerName(reader, influencer),
        shareMicro,
      })),
    ),
  };
};

/** A conversion as a row of a brand's list. */
export const conversionRow = (reader: Reader, id: string): Promise<Row> => rowFor(reader, id, null);

/** Who a payee is to whoever looks: their own name, the house, or "another influencer" with a number. */
const labels = async (reader: Reader, verdict: Verdict, viewer: Viewer) => {
  const payees = [
    ...new Set(verdict.settings.flatMap(({ considered }) => considered.map(({ touch }) => touch.payee))),
  ].sort();
  const shown = new Map<string, { readonly payee: string; readonly label: string }>([
    [HOUSE, { payee: HOUSE, label: "House" }],
  ]);
  for (const payee of payees.filter((it) => it !== HOUSE)) {
    const influencer = payee.startsWith("con_")
      ? (await known<ContractDoc>(reader, `contract/${payee}`)).influencer
      : payee;
    const own = viewer === null || viewer === influencer;
    const number = shown.size;
    const stranger = { payee: `other-${number}`, label: `Another influencer (${number})` };
    shown.set(payee, own ? { payee, label: await influencerName(reader, influencer) } : stranger);
  }
  return (payee: string) => shown.get(payee) ?? { payee, label: payee };
};

type Label = Awaited<ReturnType<typeof labels>>;

const consideredShown = (considered: Verdict["settings"][number]["considered"], label: Label) => {
  const links = new Map<string, string>();
  return considered.map((row) => {
    const { payee } = label(row.touch.payee);
    const hidden = payee.startsWith("other-");
    if (!links.has(row.touch.link)) links.set(row.touch.link, `link-${links.size + 1}`);
    // Labels keep what matters to the law: equal stays equal, different stays different.
    const link = hidden ? (links.get(row.touch.link) ?? "") : row.touch.link;
    return { ...row, touch: { ...row.touch, payee, link } };
  });
};

const contextShown = ({ effects, ...context }: NonNullable<Verdict["settings"][number]["context"]>, label: Label) => ({
  ...context,
  ...(effects && { effects: effects.map((effect) => ({ ...effect, payee: label(effect.payee).payee })) }),
});

const partShown = async (reader: Reader, doc: ConversionDoc, verdict: Verdict, part: Part, label: Label) => {
  const contract = await known<ContractDoc>(reader, `contract/${part.contract}`);
  const terms = termsOfPart(contract, part);
  const setting = present(verdict.settings[part.setting], "the setting of a part");
  const { state, stage } = standing(knownOf(doc, part, terms));
  const lines = doc.moved[part.contract] ?? [];
  return {
    contract: part.contract,
    influencer: part.influencer,
    influencerName: await influencerName(reader, part.influencer),
    version: part.version,
    termsHash: part.termsHash,
    attribution: setting.attribution,
    ...(setting.context && { context: contextShown(setting.context, label) }),
    considered: consideredShown(setting.considered, label),
    shares: setting.shares.map(({ payee, shareMicro }) => ({ ...label(payee), shareMicro })),
    shareMicro: part.shareMicro,
    ...(part.heldMicro !== undefined && {
      heldMicro: part.heldMicro,
      released: (doc.unheld ?? []).includes(part.contract),
    }),
    ...(doc.restated?.[part.contract] && { restated: structuredClone(doc.restated[part.contract]) as never }),
    grade: part.grade,
    state,
    stage,
    lines: lines.map((line) => ({ ...line })),
    amountMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    currency: terms.currency,
  };
};

const houseShown = (verdict: Verdict, label: Label): Page["house"] => {
  const setting = verdict.settings[0];
  if (!setting || verdict.parts.length > 0) return null;
  return { considered: consideredShown(setting.considered, label), shareMicro: houseShare(setting as never) };
};

const eventsFor = (doc: ConversionDoc, viewer: Viewer): Page["events"] => {
  if (viewer === null) return doc.events.map((it) => ({ ...it }));
  const own = partsFor(doc, viewer).map(({ contract }) => contract);
  return doc.events
    .filter(({ because }) => !because?.startsWith("con_") || own.includes(because))
    .map((it) => ({ ...it, by: it.by.split(":")[0] ?? "" }));
};

/**
 * A conversion with its journey, shares, grade, rules and cents. `viewer`: the influencer who asks, or null for the
 * brand; an influencer sees their own part, other people as numbers, and nothing personal of the lead.
 */
export const conversionPage = async (reader: Reader, id: string, viewer: Viewer): Promise<Page> => {
  const doc = await known<ConversionDoc>(reader, `conversion/${id}`);
  const verdict = present(doc.verdict, "the verdict on a conversion");
  const label = await labels(reader, verdict, viewer);
  const own = partsFor(doc, viewer);
  const seen = viewer === null ? doc.recorded.campaigns : [...new Set(own.map(({ campaign }) => campaign))];
  const campaigns = await Promise.all(seen.map((it) => read<CampaignDoc>(reader, `campaign/${it}`)));
  const lead = viewer === null ? await reader.private(`lead/${id}`) : undefined;
  return {
    ...(await rowFor(reader, id, viewer)),
    campaignNames: campaigns.flatMap((it) => (it ? [it.name] : [])),
    parts: await Promise.all(own.map((part) => partShown(reader, doc, verdict, part, label))),
    house: viewer === null ? houseShown(verdict, label) : null,
    events: eventsFor(doc, viewer),
    lead: (lead as Record<string, string> | undefined) ?? null,
    ...(viewer === null && doc.rejected && { takenBack: Object.keys(doc.countedAt).length > 0 }),
  };
};
