import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  agreeToEnd,
  proposeTerms,
  signContract,
  terminateContract,
  termsHashOf,
} from "../../server/decisions/contracts.ts";
import { known } from "../../server/engine/book.ts";
import { mature } from "../../server/engine/clock.ts";
import type { AccountDoc, ContractDoc } from "../../server/engine/shapes.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { nextAmendmentDay } from "../../shared/contract/amendment.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { addDays, DAY_MS, dayOf, startOfDay } from "../../shared/kit/time.ts";
import { fine } from "../house.ts";
import { anyTerms } from "../laws/evidence.ts";
import { documentsOf, happen, openPocket, type Pocket } from "./pocket.ts";

const RUNS = Number(process.env.MAKEGOOD_LAW_RUNS ?? 40);
const ID = "con_ana";

interface Step {
  readonly day: number;
  readonly what: "sale" | "lead" | "refund" | "amend" | "end";
  readonly n: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  day: fc.integer({ min: 0, max: 110 }),
  what: fc.constantFrom("sale", "sale", "lead", "lead", "refund", "amend", "end"),
  n: fc.integer({ min: 1, max: 999 }),
});

const told = async (it: Pocket, { what, n }: Step, terms: Terms, count: number): Promise<string> => {
  const { at } = it.clock;
  const [conversion, click] = [`cnv_${count}`, `lnk.click${count}`];
  const more = what === "sale" ? { valueMinor: n * 137 + 11, currency: terms.currency } : {};
  const fields: Record<string, string> = what === "lead" ? { email: `lead${count}@mail.example` } : {};
  const by = { result: what, externalId: conversion, via: "server", robot: false, clicks: [click] } as const;
  const touch = {
    id: click,
    click,
    at: at - 1,
    visitor: null,
    kind: "click",
    link: "lnk",
    contract: ID,
    robot: false,
  } as const;
  await happen(it, { what: "report", clicked: [touch], report: { ...by, ...more, conversion, at, fields } });
  return conversion;
};

const amended = async ({ brand, record, reader, clock }: Pocket, { n }: Step, terms: Terms): Promise<void> => {
  const { versions } = await known<ContractDoc>(reader, `contract/${ID}`);
  const starts = nextAmendmentDay(versions.at(-1)!, clock.at);
  const next = starts && { ...terms, starts, ends: addDays(starts, n % 40) };
  if (!next || !readTerms(next).ok) return;
  const put = await record.decide(brand, proposeTerms(ID, "amend", { by: "brand", terms: next }, "brand"));
  const termsHash = termsHashOf(next);
  for (const by of put.ok ? (["brand", "influencer"] as const) : [])
    fine(await record.decide(brand, signContract(ID, { by, termsHash, name: by }, by)));
};

const ended = async ({ brand, record, clock }: Pocket, { n }: Step, { timeZone }: Terms): Promise<void> => {
  const lastDay = addDays(dayOf(clock.at, timeZone), n % 3);
  const given = await record.decide(brand, terminateContract(ID, { by: "brand", lastDay }, "brand"));
  if (given.ok) fine(await record.decide(brand, agreeToEnd(ID, "influencer", "influencer")));
};

/** What a contract's books are in the end, and what is still due. */
const booksOf = async ({ brand, store, reader }: Pocket) => {
  const verified = await verifyBrand(store, brand, { replaying: () => {}, comparing: () => {} });
  expect(verified.ok ? "whole" : verified.refusal).toBe("whole");
  const docs = [...(await documentsOf({ brand, store }))];
  const account = (await reader.document(`account/${ID}`)) as unknown as AccountDoc | undefined;
  const closed = Object.values(account?.closed ?? {}).map(({ at: _, reviewFrom: __, approvedAt, ...it }) => [
    it,
    approvedAt !== null,
  ]);
  const balances = docs.filter(([key]) => key.startsWith("balance/"));
  const held = balances.filter(([, it]) => (it as { balanceMinor: number }).balanceMinor !== 0);
  const due = docs.filter(([key]) => key.startsWith("due/"));
  return { closed, balances: held, due, wanted: account?.wanted };
};

/** Let it all happen, with a clock that looks every day, or only once everything is long over. */
const played = async (terms: Terms, steps: readonly Step[], isLate: boolean) => {
  const first = startOfDay(terms.starts, terms.timeZone) + 1000;
  const it = await openPocket(first, { [ID]: terms });
  const turn = async (day: number): Promise<void> => {
    it.clock.at = first + day * DAY_MS;
    if (!isLate) await mature(it.store, it.record, it.clock.at);
  };
  const sold: string[] = [];
  let today = 0;
  for (const step of [...steps].sort((a, b) => a.day - b.day)) {
    for (; today < step.day; today += 1) await turn(today + 1);
    it.clock.at += 1;
    if (step.what === "amend") await amended(it, step, terms);
    else if (step.what === "end") await ended(it, step, terms);
    else if (step.what !== "refund") sold.push(await told(it, step, terms, sold.length));
    else if (sold.length > 0) {
      const reversal = { reversal: `back-${today}-${step.n}`, permille: 100 + (step.n % 9) * 100 };
      await happen(it, { what: "reverse", conversion: sold[step.n % sold.length]!, ...reversal });
    }
  }
  for (const days of [120, 300, 600, 1200]) await turn(days);
  // Twice: a statement that was closed late is reviewed from then on.
  for (const days of [2000, 2100]) {
    it.clock.at = first + days * DAY_MS;
    await mature(it.store, it.record, it.clock.at);
  }
  const books = await booksOf(it);
  await it.store.close();
  return books;
};

const timing = { reviewDays: 3, holdDays: 5, disputeDays: 30, noticeDays: 3 };

test("a clock that stood still past every deadline comes to the same statements and the same books", async () => {
  const law = async (terms: Terms, steps: readonly Step[], silence: "approve" | "wait") => {
    const agreed = { ...terms, timing: { ...timing, silence } };
    fc.pre(readTerms(agreed).ok);
    const inTime = await played(agreed, steps, false);
    expect(inTime.due).toEqual([]);
    expect(await played(agreed, steps, true)).toEqual(inTime);
  };
  const silences = fc.constantFrom("approve" as const, "wait" as const);
  await fc.assert(fc.asyncProperty(anyTerms, fc.array(anyStep, { maxLength: 25 }), silences, law), { numRuns: RUNS });
});
