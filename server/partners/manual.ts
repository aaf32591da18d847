import { major } from "../../shared/kit/money.ts";
import { refuse } from "../../shared/kit/shape.ts";
import type { Details } from "../../shared/pay/payout.details.ts";
import type { Desk, Rail, RailBatch } from "./rail.ts";

const columns = ["payout", "name", "details", "amount", "currency", "reference"] as const;

/** A cell that every reader of CSV takes whole, and no spreadsheet takes for a formula. Source: RFC 4180. */
const cell = (text: string): string => {
  const tame = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${tame.replaceAll('"', '""')}"`;
};

const spelled = (to: Details): string => (to.rail === "manual" ? to.note : `${to.name}, ${to.iban}`);

const csv = ({ currency, payouts }: RailBatch): string => {
  const rows = payouts.map(({ payout, name, to, amountMinor, reference }) =>
    [payout, name, spelled(to), major(amountMinor, currency), currency, reference].map(cell).join(","),
  );
  return [columns.map(cell).join(","), ...rows, ""].join("\r\n");
};

/** Paying by hand: a list to download; whoever paid says so, with proof. In any currency, from any account. */
export const manual = (desk: Desk): Rail => ({
  name: "manual",
  serves: () => undefined,
  reaches: (details) =>
    details.rail === "manual"
      ? undefined
      : refuse("other-rail", "This influencer is paid by bank transfer, not by hand.").refusal,
  submit: async () => ({ outcome: "accepted" }),
  lookUp: (payout) => desk.standing(payout),
  file: (batch) => ({ name: `${batch.batch}.csv`, type: "text/csv; charset=utf-8", text: csv(batch) }),
});
