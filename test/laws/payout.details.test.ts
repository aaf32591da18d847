import { safeParse } from "valibot";
import { describe, expect, test } from "vitest";
import { Iban, PayerAccount, PayoutDetails, RailName } from "../../shared/pay/payout.details.ts";

const ANA = { rail: "bank", name: "Ana Lima", iban: "DE89370400440532013000", country: "DE" };
const read = (it: object) => {
  const { success, output } = safeParse(PayoutDetails, it);
  return success ? output : undefined;
};
const isIban = (text: string): boolean => safeParse(Iban, text).success;

describe("where an influencer is paid", () => {
  test("is kept without the blanks people type, and in capitals where there are only those", () => {
    const typed = { ...ANA, name: " Ana Lima ", iban: " de89 3704-0044 0532 0130 00", country: " de " };
    expect(read(typed)).toEqual(ANA);
    expect(read({ ...ANA, bic: "deut de ff 500" })).toEqual({ ...ANA, bic: "DEUTDEFF500" });
    expect(read({ rail: "manual", note: "  cash, on Fridays " })).toEqual({ rail: "manual", note: "cash, on Fridays" });
  });

  test("is refused where it is of no form that an account has", () => {
    const [shortest, longest] = ["NO".padEnd(14, "7"), "MT".padEnd(34, "7")];
    expect([shortest, longest, ANA.iban].map(isIban)).toEqual([true, true, true]);
    for (const no of [shortest.slice(1), `${longest}7`, "D589370400440532013000", "DEX9370400440532013000", "§"])
      expect(isIban(no), no).toBe(false);
    for (const [bic, holds] of [
      ["DEUTDEFF", true],
      ["DEUTDEFF500", true],
      ["DEUTDEF", false],
      ["DEUTDEFF5", false],
      ["DEUTDEFF5001", false],
      ["DEU7DEFF", false],
    ] as const)
      expect([bic, read({ ...ANA, bic }) !== undefined]).toEqual([bic, holds]);
    for (const country of ["D", "DEU", "D1", ""]) expect(read({ ...ANA, country }), country).toBeUndefined();
  });

  test("is refused where something is missing, too long, or more than is asked for", () => {
    for (const other of [
      { name: " " },
      { name: "x".repeat(71) },
      { iban: undefined },
      { note: "x" },
      { rail: "cheque" },
    ])
      expect(read({ ...ANA, ...other }), JSON.stringify(other)).toBeUndefined();
    for (const note of ["", "x".repeat(501)]) expect(read({ rail: "manual", note })).toBeUndefined();
  });
});

test("the account a brand pays from has a name and a number, and perhaps a bank's", () => {
  const payer = { name: "Pixel Camp", iban: "DE89 3704 0044 0532 0130 00" };
  expect(safeParse(PayerAccount, payer).output).toEqual({ ...payer, iban: ANA.iban });
  expect(safeParse(PayerAccount, { ...payer, bic: "DEUTDEFF" }).success).toBe(true);
  for (const other of [{ name: "" }, { iban: "DE" }, { bic: "DEUT" }, { country: "DE" }])
    expect(safeParse(PayerAccount, { ...payer, ...other }).success).toBe(false);
  expect(["bank", "manual", "cash"].map((it) => safeParse(RailName, it).success)).toEqual([true, true, false]);
});
