import type * as v from "valibot";
import { spoken } from "../../shared/kit/money.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { Details, Payer, RailName } from "../../shared/pay/payout.details.ts";
import type { DepositShown, SettingsShown, WriteOffShown } from "../../shared/wire/payout-settings.ts";
import type { DebtAge, DebtShown, DetailsShown } from "../../shared/wire/payouts.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { DebtDoc, OnTheWayDoc, PayToDoc, SettingsDoc, WithholdDoc, WriteOffDoc } from "../engine/shapes.payout.ts";
import { brandName, influencerName } from "./names.ts";

type Shown<Schema extends v.GenericSchema> = v.InferOutput<Schema>;

const ending = (iban: string): string => `${iban.slice(0, 2)} … ${iban.slice(-4)}`;

const summaryOf = (details: Details | undefined): string => {
  if (!details) return "Not said yet";
  return details.rail === "bank" ? `${details.name}, ${ending(details.iban)}` : details.note;
};

/** Where an influencer is paid, as far as it may be shown to either side. */
export const detailsShown = async (reader: Reader, influencer: string): Promise<Shown<typeof DetailsShown>> => {
  const doc = await read<PayToDoc>(reader, `pay-to/${influencer}`);
  const withheld = await read<WithholdDoc>(reader, `withhold/${influencer}`);
  return {
    brand: reader.brand,
    brandName: await brandName(reader),
    influencer,
    influencerName: await influencerName(reader, influencer),
    rail: (doc?.rail as RailName | undefined) ?? null,
    summary: summaryOf((await reader.private(`payout-details/${influencer}`)) as Details | undefined),
    changedAt: doc?.changedAt ?? null,
    heldUntil: doc?.heldUntil ?? null,
    withholdBp: withheld?.withholdBp ?? 0,
  };
};

/** Where everyone is paid who has said so, or of whom tax is kept back. */
export const allDetailsShown = async (reader: Reader): Promise<Shown<typeof DetailsShown>[]> => {
  const keys = [...(await reader.documents("pay-to/")), ...(await reader.documents("withhold/"))];
  const influencers = new Set(keys.map(([key]) => key.split("/")[1] ?? ""));
  return Promise.all([...influencers].sort().map((influencer) => detailsShown(reader, influencer)));
};

const ageOf = (days: number): Shown<typeof DebtAge> => {
  if (days <= 30) return "0-30";
  if (days <= 60) return "31-60";
  return days <= 90 ? "61-90" : "90+";
};

/** What influencers owe, or one of them, oldest first. */
export const debtsShown = async (
  reader: Reader,
  now: number,
  influencer: string | null,
): Promise<Shown<typeof DebtShown>[]> => {
  const docs = await reader.documents(influencer === null ? "debt/" : `debt/${influencer}/`);
  const names = { brand: reader.brand, brandName: await brandName(reader) };
  const all = await Promise.all(
    docs.map(async ([key, body]) => {
      const [, who = "", currency = "", contract = ""] = key.split("/");
      const of = { ...names, influencer: who, influencerName: await influencerName(reader, who), contract, currency };
      return (body as unknown as DebtDoc).owed.map(({ since, amountMinor }) => ({
        ...of,
        amountMinor,
        since,
        age: ageOf(Math.floor((now - since) / DAY_MS)),
      }));
    }),
  );
  return all.flat().sort((a, b) => a.since - b.since);
};

/** A debt somebody proposes, or two people agreed, to give up. */
export const writeOffShown = async (reader: Reader, id: string): Promise<Shown<typeof WriteOffShown>> => {
  const { influencer, currency, amountMinor, proposedAt, confirmedAt } = await known<WriteOffDoc>(
    reader,
    `write-off/${id}`,
  );
  const amount = spoken(amountMinor, currency);
  const because =
    confirmedAt === null
      ? `${amount} is given up once somebody else of the brand confirms it. A brand with one owner cannot.`
      : `${amount} was given up: one proposed it, another confirmed it.`;
  const name = await influencerName(reader, influencer);
  return { id, influencer, influencerName: name, currency, amountMinor, proposedAt, confirmedAt, because };
};

/** Every proposal to give a debt up, and every debt given up. */
export const writeOffsShown = async (reader: Reader): Promise<Shown<typeof WriteOffShown>[]> => {
  const ids = (await reader.documents("write-off/")).map(([key]) => key.slice("write-off/".length));
  const all = await Promise.all(ids.map((id) => writeOffShown(reader, id)));
  return all.sort((a, b) => b.proposedAt - a.proposedAt);
};

/** The settings for payouts, without the account's number. */
export const settingsShown = async (reader: Reader): Promise<Shown<typeof SettingsShown>> => {
  const doc = await read<SettingsDoc>(reader, "payout-settings");
  const payer = (await reader.private("payer")) as Payer | undefined;
  return {
    payer: payer ? { name: payer.name, account: ending(payer.iban) } : null,
    prefunded: doc?.prefunded ?? false,
    platformFeeBp: doc?.feeBp ?? 0,
  };
};

const credits = async (reader: Reader, currency: string): Promise<ReadonlyMap<string, number>> => {
  const prefix = `balance/${currency}/`;
  const docs = await reader.documents(prefix);
  return new Map(
    docs.map(([key, body]) => [key.slice(prefix.length), 0 - (body as { balanceMinor: number }).balanceMinor]),
  );
};

/** The money on deposit in one currency, and what it is set aside for. */
export const depositShown = async (reader: Reader, currency: string): Promise<Shown<typeof DepositShown>> => {
  const held = await credits(reader, currency);
  const named = (start: string) => [...held.keys()].filter((it) => it.startsWith(start)).map((it) => it.split(":")[2]);
  const contracts = [...new Set([...named("brand:reserved:"), ...named("brand:spent:")])].sort();
  const reserved = await Promise.all(
    contracts.map(async (contract = "") => ({
      contract,
      reservedMinor: held.get(`brand:reserved:${contract}`) ?? 0,
      spentMinor: held.get(`brand:spent:${contract}`) ?? 0,
      onTheWayMinor: (await read<OnTheWayDoc>(reader, `on-the-way/${contract}`))?.amountMinor ?? 0,
    })),
  );
  const of = (account: string): number => held.get(account) ?? 0;
  const [freeMinor, feesMinor, taxMinor] = [of("brand:deposit"), of("platform_fee"), of("tax:withheld")];
  return { currency, freeMinor, reserved, feesMinor, taxMinor };
};

/** The money on deposit, by currency: of every currency that any money ever moved in. */
export const depositsShown = async (reader: Reader): Promise<Shown<typeof DepositShown>[]> => {
  const currencies = new Set((await reader.documents("balance/")).map(([key]) => key.split("/")[1] ?? ""));
  return Promise.all([...currencies].sort().map((currency) => depositShown(reader, currency)));
};
