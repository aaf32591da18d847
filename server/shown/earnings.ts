import type * as v from "valibot";
import { present } from "../../shared/kit/shape.ts";
import { periodAt } from "../../shared/kit/time.ts";
import { stretchOf } from "../../shared/pay/deal.ts";
import { ladders } from "../../shared/pay/progress.ts";
import { counted, type Volumes, volumeOf } from "../../shared/pay/volume.ts";
import type { Earnings } from "../../shared/wire/shown.ts";
import { known, read } from "../engine/book.ts";
import { dealOfContract } from "../engine/deal.ts";
import type { Reader } from "../engine/reader.ts";
import type { AccountDoc, CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import { sumsOf } from "../engine/sums.ts";
import { moneyOf } from "./campaign.ts";
import { brandName } from "./names.ts";
import { statementShown } from "./statement.ts";

type Shown = v.InferOutput<typeof Earnings>;

const countsMicro = (volumes: Volumes): Record<string, number> =>
  Object.fromEntries(
    [...volumes.keys()].map((result) => {
      const { n, d } = counted(volumeOf(volumes, result));
      return [result, Number((n * 1_000_000n) / d)];
    }),
  );

/** A contract's live earnings: money by stage, the current period's statement, tiers, and results that count, in millionths. */
export const earningsShown = async (reader: Reader, id: string, at: number): Promise<Shown> => {
  const doc = await known<ContractDoc>(reader, `contract/${id}`);
  const campaign = await known<CampaignDoc>(reader, `campaign/${doc.campaign}`);
  const account = await read<AccountDoc>(reader, `account/${id}`);
  const deal = dealOfContract(doc);
  const period = periodAt(deal.periods, at);
  const terms = period ? stretchOf(deal, period).terms : present(doc.terms, "the terms of a running contract");
  const { volumes } = sumsOf(period && account?.sums.validated[String(period.index)]);
  const last = (await statementShown(reader, id, at)).statement.periods.at(-1) ?? null;
  return {
    contract: id,
    brand: reader.brand,
    brandName: await brandName(reader),
    campaignName: campaign.name,
    status: doc.status === "none" ? "drafted" : doc.status,
    money: moneyOf(account, terms.currency),
    period: last,
    ladders: structuredClone(ladders(terms, volumes)) as v.InferOutput<typeof Earnings>["ladders"],
    results: countsMicro(volumes),
  };
};
