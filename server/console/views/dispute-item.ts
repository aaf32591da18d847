import type * as v from "valibot";
import { type DisputeItemAsked, disputes } from "../../../shared/wire/disputes.ts";
import { contract, conversion, statementOf } from "../../../shared/wire/influencer.ts";
import { type Answered, ask } from "../kit/ask.ts";
import { day } from "../kit/figures.ts";
import { known, sidesOf } from "../kit/session.ts";
import type { DisputeRow, Party } from "../kit/wire.money.ts";
import type { Contract, PeriodStatement } from "../kit/wire.ts";

type Item = v.InferOutput<typeof DisputeItemAsked>;

/** An item as it can be disputed: by which side, how much of it is open, and the dispute there may be about it. */
export interface ItemRead {
  readonly item: Item;
  readonly contract: Contract;
  readonly side: Party;
  /** What it is worth and nobody disputes yet, as far as can be told from here; the server has the last word. */
  readonly openMinor: number | null;
  readonly existing: DisputeRow | undefined;
  readonly title: string;
  readonly href: string;
  readonly back: string;
  /** Why it cannot be disputed yet. */
  readonly notYet?: string | undefined;
}

/** The item an address names: a contract, and within it a result or a period. */
export const itemIn = (query: URLSearchParams): Item => {
  const of = query.get("contract") ?? "";
  const result = query.get("conversion");
  if (result) return { kind: "conversion", contract: of, conversion: result };
  const period = Number(query.get("period") ?? "-1");
  return Number.isInteger(period) && period >= 0
    ? { kind: "statement", contract: of, period }
    : { kind: "contract", contract: of };
};

interface Worth {
  readonly minor: number | null;
  readonly title: string;
  readonly href: string;
  readonly back: string;
  readonly notYet?: string | undefined;
}

const resultWorth = async (of: string, id: string): Promise<Answered<Worth>> => {
  const page = await ask(conversion, { params: { conversion: id } });
  if (!page.ok) return page;
  const part = page.value.parts.find((it) => it.contract === of);
  const title = `the ${page.value.result} ${page.value.externalId}`;
  return {
    ok: true,
    value: { minor: part?.amountMinor ?? null, title, href: `/conversions/${id}`, back: "Conversion" },
  };
};

type Period = Pick<PeriodStatement, "lines">;

/** What periods earned, whatever disputes have changed about it since: that is counted on its own. */
const undisputed = (periods: readonly Period[]): number =>
  periods
    .flatMap(({ lines }) => lines)
    .reduce((sum, { code, amountMinor }) => (code === "dispute" ? sum : sum + amountMinor), 0);

const statementWorth = async (of: string, place: number | null): Promise<Answered<Worth>> => {
  const page = await ask(statementOf, { params: { contract: of } });
  if (!page.ok) return page;
  const { periods } = page.value.statement;
  if (place === null)
    return {
      ok: true,
      value: { minor: undisputed(periods), title: "the whole contract", href: `/contracts/${of}`, back: "Contract" },
    };
  const period = periods[place];
  const title = period ? `the statement ${day(period.starts)} – ${day(period.ends)}` : `statement no. ${place + 1}`;
  const href = `/contracts/${of}/statement`;
  const notYet =
    period?.state === "open" ? "This statement is still open. It can be disputed once it has closed." : undefined;
  return { ok: true, value: { minor: period ? undisputed([period]) : null, title, href, back: "Statement", notYet } };
};

const same = (one: Item, other: DisputeRow["item"]): boolean => {
  if (one.kind === "conversion") return other.kind === "conversion" && one.conversion === other.conversion;
  if (one.kind === "statement") return other.kind === "statement" && one.period === other.period;
  return other.kind === "contract";
};

/** What other disputes hold of an item, or took of it; of a whole contract, whatever they are about. */
const spoken = (item: Item, rows: readonly DisputeRow[]): number =>
  rows
    .filter((row) => item.kind === "contract" || same(item, row.item))
    .reduce((sum, { heldMinor, outcome }) => sum + heldMinor + Math.max(0, -(outcome?.adjustmentMinor ?? 0)), 0);

const worthOf = (item: Item): Promise<Answered<Worth>> => {
  if (item.kind === "conversion") return resultWorth(item.contract, item.conversion);
  return statementWorth(item.contract, item.kind === "statement" ? item.period : null);
};

/** Everything there is to know before an item is disputed. */
export const readItem = async (item: Item): Promise<Answered<ItemRead>> => {
  const [deal, worth, all] = await Promise.all([
    ask(contract, { params: { contract: item.contract } }),
    worthOf(item),
    ask(disputes, { query: { contract: item.contract } }),
  ]);
  if (!deal.ok) return deal;
  if (!worth.ok) return worth;
  if (!all.ok) return all;
  const side = sidesOf(deal.value, known()).brand ? "brand" : "influencer";
  const about = all.value.disputes.filter((row) => same(item, row.item));
  const existing = about.find(({ status }) => status !== "resolved") ?? about.find(({ opener }) => opener === side);
  const { minor, ...named } = worth.value;
  const openMinor = minor === null ? null : Math.max(0, minor - spoken(item, all.value.disputes));
  return { ok: true, value: { item, contract: deal.value, side, openMinor, existing, ...named } };
};
