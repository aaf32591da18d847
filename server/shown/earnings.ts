import type * as v from "valibot";
import { present } from "../../shared/kit/shape.ts";
import { periodAt, periodsOf } from "../../shared/kit/time.ts";
import { ladders } from "../../shared/pay/progress.ts";
import { statement } from "../../shared/pay/statement.ts";
import { counted, type Volumes, volumeOf } from "../../shared/pay/volume.ts";
import type { Earnings } from "../../shared/wire/shown.ts";
import { volumesOf } from "../engine/account.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { AccountDoc, CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import { moneyOf } from "./campaign.ts";
import { sharesOf } from "./contract.ts";
import { brandName } from "./names.ts";

const countsMicro = (volumes: Volumes): Record<string, number> =>
  Object.fromEntries(
    [...volumes.keys()].map((result) => {
      const { n, d } = counted(volumeOf(volumes, result));
      return [result, Number((n * 1_000_000n) / d)];
    }),
  );

/** A contract's live earnings: money by stage, the current period's statement, tiers, and results that count, in millionths. */
export const earningsShown = async (
  reader: Reader,
  id: string,
  at: number,
): Promise<v.InferOutput<typeof Earnings>> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const campaign = await known<CampaignDoc>(reader, `campaign/${doc.campaign}`);
  const terms = present(doc.terms, "the terms of a running contract");
  const account = await read<AccountDoc>(reader, `account/${id}`);
  const period = periodAt(periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone), at);
  const volumes = volumesOf(period && account?.volumes.validated[String(period.index)]);
  const last = statement(terms, await sharesOf(reader, id), at).periods.at(-1) ?? null;
  return {
    contract: id,
    brand: reader.brand,
    brandName: await brandName(reader),
    campaignName: campaign.name,
    status: doc.status === "none" ? "drafted" : doc.status,
    money: moneyOf(account, terms.currency),
    period: last && (structuredClone(last) as v.InferOutput<typeof Earnings>["period"]),
    ladders: structuredClone(ladders(terms, volumes)) as v.InferOutput<typeof Earnings>["ladders"],
    results: countsMicro(volumes),
  };
};
