import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { latin } from "../../server/partners/latin.ts";
import { accountFault, endToEnd, executionDay, payoutNamed } from "../../server/partners/pain001.ts";
import type { RailBatch, RailPayout, Standing } from "../../server/partners/rail.ts";
import { rails } from "../../server/partners/rails.ts";
import { submission } from "../../server/partners/submission.ts";
import { major } from "../../shared/kit/money.ts";
import type { RailName } from "../../shared/pay/payout.details.ts";
import { flaky } from "./rail.fake.ts";
import { railSuite } from "./rail.suite.ts";

const SUNDAY = Date.UTC(2026, 10, 22, 8, 30, 5);
const id = (count: number): string => `pay_${String(count).padStart(20, "0")}`;
const IBAN = "FR1420041010050500013M02606";

const byHand = (count: number, more: Partial<RailPayout> = {}): RailPayout => ({
  payout: id(count),
  name: `Ana Lima ${count}`,
  to: { rail: "manual", note: "Cash, in the shop" },
  amountMinor: 100 * count + 5,
  reference: `Payout 2026-11-22 ${endToEnd(id(count))}`,
  ...more,
});

const byBank = (count: number, more: Partial<RailPayout> = {}): RailPayout =>
  byHand(count, { to: { rail: "bank", name: "Ana Lima", iban: IBAN, bic: "PSSTFRPPPAR", country: "FR" }, ...more });

const batchOf = (payouts: readonly RailPayout[], more: Partial<RailBatch> = {}): RailBatch => ({
  batch: "bat_00000000000000000001",
  madeAt: SUNDAY,
  currency: "EUR",
  payer: { name: "Acme Coding GmbH", iban: "DE89370400440532013000", bic: "COBADEFF" },
  payouts,
  ...more,
});

const onRecord = (name: RailName, payouts: readonly RailPayout[]) => () => {
  const standing = new Map<string, Standing>();
  const rail = rails[name]({ standing: async (payout) => standing.get(payout) ?? "unknown" });
  return {
    rail,
    batch: batchOf(payouts),
    // The file is carried once; whoever carries it pays what stands in it, each id once.
    paidTimes: (payout: string) => (standing.has(payout) ? 1 : 0),
    becomes: (payout: string, it: Standing) => void standing.set(payout, it),
    kept: (some: readonly string[]) => {
      for (const payout of some) if (!standing.has(payout)) standing.set(payout, "submitted");
    },
  };
};

const three = [byHand(1), byHand(2), byHand(3)];
railSuite("manual", onRecord("manual", three));
railSuite("bank", onRecord("bank", [byBank(1), byBank(2)]), {
  batch: batchOf([byBank(1)], { payer: null }),
  because: /from which account/,
});

for (const troubles of [[], ["answer-lost"], ["lost", "answer-lost", "error"]] as const)
  railSuite(`of a partner whose requests go ${troubles.join(", ") || "well"}`, () => {
    const { rail, paid, standing } = flaky(troubles);
    return {
      rail,
      batch: batchOf(three),
      paidTimes: (payout) => paid.get(payout) ?? 0,
      becomes: (payout, it) => void standing.set(payout, it),
      kept: () => {},
    };
  });

describe("a partner that times out after paying", () => {
  it("is read back, never asked again: it is submitted to once", async () => {
    const partner = flaky(["answer-lost"]);
    const outcomes = await submission(partner.rail, batchOf(three));
    expect(outcomes.map(({ standing }) => standing)).toEqual(["submitted", "submitted", "submitted"]);
    expect(partner.submitted).toEqual([id(1), id(2), id(3)]);
  });

  it("and cannot be read back either stays unknown, with the reason, and is read back before anything else next time", async () => {
    const partner = flaky(["answer-lost"], ["fine", "fine", "fine", "lost", "lost", "lost"]);
    const first = await submission(partner.rail, batchOf(three));
    for (const it of first)
      expect(it).toMatchObject({ standing: "unknown", because: expect.stringMatching(/no answer/) });
    const second = await submission(partner.rail, batchOf(three));
    expect(second.every(({ standing }) => standing === "submitted")).toBe(true);
    expect(partner.submitted).toEqual([id(1), id(2), id(3)]);
  });

  it("what never arrived is submitted again under the same id", async () => {
    const partner = flaky(["lost"]);
    const one = batchOf([byHand(1)]);
    expect((await submission(partner.rail, one))[0]?.standing).toBe("unknown");
    expect((await submission(partner.rail, one))[0]?.standing).toBe("submitted");
    expect(partner.submitted).toEqual([id(1)]);
  });
});

const fileOf = (name: RailName, batch: RailBatch): string =>
  rails[name]({ standing: async () => "unknown" }).file?.(batch).text ?? "";

describe("the list to pay by hand", () => {
  it("says whom to pay how much, in major units, with a reference", () => {
    expect(fileOf("manual", batchOf([byHand(1)]))).toBe(
      '"payout","name","details","amount","currency","reference"\r\n' +
        '"pay_00000000000000000001","Ana Lima 1","Cash, in the shop","1.05","EUR","Payout 2026-11-22 pay-00000000000000000001"\r\n',
    );
  });

  it.each([
    ["JPY", "105"],
    ["KWD", "0.105"],
    ["CLF", "0.0105"],
  ])("writes %s with the digits it has: %s", (currency, amount) => {
    expect(fileOf("manual", batchOf([byHand(1)], { currency }))).toContain(`"${amount}","${currency}"`);
  });

  it("holds quotes, lines and letters of any script, and nothing a spreadsheet would run", () => {
    const name = '=cmd|"/C calc"!A0\nЯна';
    expect(fileOf("manual", batchOf([byHand(1, { name })]))).toContain(`"'=cmd|""/C calc""!A0\nЯна"`);
  });
});

const all = (xml: string, tag: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`, "g"))].map(([, text]) => text ?? "");

describe("the file for the bank", () => {
  const many = Array.from({ length: 250 }, (_, index) => byBank(index + 1, { amountMinor: 10 + index }));
  const xml = fileOf("bank", batchOf(many));

  it("is one group of SEPA transfers from the brand's account, on the next banking day", () => {
    expect(xml).toContain('xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"');
    expect(all(xml, "MsgId")).toEqual(["bat-00000000000000000001"]);
    expect(all(xml, "CreDtTm")).toEqual(["2026-11-22T08:30:05"]);
    expect(xml).toContain("<ReqdExctnDt><Dt>2026-11-23</Dt></ReqdExctnDt>");
    expect(xml).toContain("<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>");
    expect([all(xml, "PmtMtd"), all(xml, "ChrgBr")]).toEqual([["TRF"], ["SLEV"]]);
  });

  it("carries every payout once, under its own id, with exact amounts and sums", () => {
    expect(all(xml, "EndToEndId").map(payoutNamed)).toEqual(many.map(({ payout }) => payout));
    expect(all(xml, "InstdAmt")).toEqual(many.map(({ amountMinor }) => major(amountMinor, "EUR")));
    const sum = many.reduce((minor, { amountMinor }) => minor + amountMinor, 0);
    expect(all(xml, "CtrlSum")).toEqual([major(sum, "EUR"), major(sum, "EUR")]);
    expect(all(xml, "NbOfTxs")).toEqual(["250", "250"]);
    expect(new Set(all(xml, "InstrId")).size).toBe(250);
  });

  it("adds cents up exactly where doubles would not", () => {
    const large = Array.from({ length: 9_000 }, (_, index) => byBank(index + 1, { amountMinor: 99_999_999_999 }));
    expect(all(fileOf("bank", batchOf(large)), "CtrlSum")[0]).toBe("8999999999910.00");
  });

  it("holds only characters every bank takes, in fields no longer than banks allow", () => {
    const to = { rail: "bank", name: `Żółć & Søn <${"x".repeat(90)}>`, iban: IBAN, country: "FR" } as const;
    const odd = fileOf("bank", batchOf([byBank(1, { to, reference: `„Über“ ${"y".repeat(200)}` })]));
    for (const tag of ["Nm", "Ustrd", "EndToEndId", "InstrId", "MsgId", "PmtInfId"])
      for (const text of all(odd, tag)) expect(text, tag).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]+$/);
    expect(all(odd, "Nm")[2]).toMatch(/^Zolc \+ Son \.x+$/);
    for (const tag of ["EndToEndId", "InstrId", "MsgId", "PmtInfId"]) expect(all(odd, tag)[0]!.length).toBeLessThan(36);
    expect([all(odd, "Nm")[2]!.length, all(odd, "Ustrd")[0]!.length]).toEqual([70, 140]);
  });

  it("leaves out a BIC of another country than the account's, since banks find the agent by the IBAN", () => {
    const to = { rail: "bank", name: "Ana", iban: IBAN, bic: "COBADEFF", country: "FR" } as const;
    expect(all(fileOf("bank", batchOf([byBank(1, { to })])), "BICFI")).toEqual(["COBADEFF"]);
  });

  const specs = process.env.MAKEGOOD_VENDOR_SPECS;
  it.skipIf(!specs)("is what the ISO 20022 schema says, and a file that is not would be found out", async () => {
    const { validateXML } = await import("xmllint-wasm");
    const schema = readFileSync(join(specs!, "iso20022/pain.001.001.09.xsd"), "utf8");
    const check = (contents: string) => validateXML({ xml: [{ fileName: "a.xml", contents }], schema: [schema] });
    const bare = { rail: "bank", name: "Ωmega Žižek", iban: IBAN, country: "FR" } as const;
    const payer = { name: "Acme & Söhne", iban: "DE89370400440532013000" };
    for (const text of [xml, fileOf("bank", batchOf([byBank(1, { to: bare })], { payer }))]) {
      expect((await check(text)).errors).toEqual([]);
      expect(
        (await check(text.replace("<EndToEndId>", "<EndToEnd>").replace("</EndToEndId>", "</EndToEnd>"))).valid,
      ).toBe(false);
    }
  });

  it.each([
    ["in another currency", batchOf([byBank(1)], { currency: "USD" }), /USD is paid by hand/],
    [
      "to an account outside SEPA",
      batchOf([byBank(1, { to: { rail: "bank", name: "Ana", iban: "BR1800360305000010009795493C1", country: "BR" } })]),
      /BR cannot be reached/,
    ],
    ["too large for one transfer", batchOf([byBank(1, { amountMinor: 100_000_000_000 })]), /at most/],
    ["to somebody paid by hand", batchOf([byHand(1)]), /paid by hand/],
  ])("is refused %s", async (_, batch, because) => {
    const said = await rails.bank({ standing: async () => "unknown" }).submit(batch);
    expect(said).toEqual({ outcome: "refused", because: expect.stringMatching(because) });
  });
});

test.each([
  ["2026-11-20", "2026-11-23"],
  ["2026-12-24", "2026-12-28"],
  ["2026-12-31", "2027-01-04"],
  ["2026-04-30", "2026-05-04"],
  ["2026-11-23", "2026-11-24"],
])("a run of %s is executed on %s, when banks work", (made, day) => {
  expect(executionDay(Date.parse(`${made}T23:59:59Z`))).toBe(day);
});

test.each([
  ["DE89370400440532013001", undefined, "bad-iban"],
  ["DE8937040044053201300", undefined, "bad-iban"],
  ["BR1800360305000010009795493C1", undefined, "not-sepa"],
  ["DE89370400440532013000", "COBADEFFXX", "bad-bic"],
  ["DE89370400440532013000", undefined, undefined],
])("an account %s with the BIC %s is refused as %s", (iban, bic, code) => {
  expect(accountFault({ name: "Ana", iban, bic })?.code).toBe(code);
});

test("a name no bank can write is refused", () => {
  expect(accountFault({ name: "山田太郎", iban: IBAN })?.code).toBe("bad-name");
});

test.each([
  ["Jürgen Groß", "Jurgen Gross"],
  ["Łukasz Żółć", "Lukasz Zolc"],
  ["Γιώργος Παπαδόπουλος", "Giorgos Papadopoylos"],
  ["Щерба Йорданов", "Shterba Yordanov"],
  ["//a//b", "a/b"],
  ["a_b @ c & d", "a-b (at) c + d"],
  ["emoji 🎉!", "emoji .."],
])("%s is written %s for banks", (text, written) => {
  expect(latin(text, 70)).toBe(written);
});

test("an id comes back from the bank in any case as the payout it names, and other ids name none", () => {
  expect(payoutNamed(endToEnd(id(7)).toUpperCase())).toBe(id(7));
  expect(payoutNamed("NOTPROVIDED")).toBeUndefined();
  expect(endToEnd(id(7)).length).toBeLessThan(36);
});
