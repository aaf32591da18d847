import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Fit, fitText } from "../../shared/judge/fit.ts";
import { run } from "./past.ts";

const folder = mkdtempSync(join(tmpdir(), "makegood-fit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const keep = (name: string, content: string | object): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};

const row = (payee: string, effectNano: number) => ({
  payee,
  effectNano,
  lowerNano: effectNano,
  upperNano: effectNano,
  journeys: 10,
});

const fit: Fit = {
  campaign: "cmp_one",
  model: "markov",
  from: "2025-10-01",
  until: "2025-12-31",
  windowDays: 30,
  house: "included",
  journeys: 20,
  conversions: 10,
  replicates: 1000,
  seed: "1",
  newcomerNano: 200_000_000,
  rows: [row("pye_ann", 600_000_000), row("pye_bob", 200_000_000)],
};
const hash = createHash("sha256").update(fitText(fit)).digest("hex");
const names = { pye_ann: "Ann", pye_bob: "Bob" };
const fitFile = keep("fit.json", { hash, fittedAt: 0, fit, names });

const terms = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-01-01",
  ends: "2026-01-31",
  period: "month",
  results: { sale: { counts: "confirmed" } },
  attribution: {
    model: "markov",
    windowDays: 30,
    house: "included",
    learned: { fit: hash, from: fit.from, until: fit.until },
  },
  pay: [{ rule: "share", result: "sale", rateBp: 1000 }],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};
const last = { ...terms, attribution: { model: "last", windowDays: 30, house: "included" } };

// Ann weighs three times what Bob does; Cyd is as yet unknown and weighs as Bob.
const past = keep(
  "past.csv",
  [
    "visitor,at,event,payee,value,currency,id",
    "v1,2026-01-05T10:00:00Z,touch,Ann,,,",
    "v1,2026-01-06T10:00:00Z,touch,Bob,,,",
    "v1,2026-01-07T10:00:00Z,sale,,100.00,USD,s1",
    "v2,2026-01-08T10:00:00Z,touch,Cyd,,,",
    "v2,2026-01-09T10:00:00Z,touch,Bob,,,",
    "v2,2026-01-10T10:00:00Z,sale,,100.00,USD,s2",
    "",
  ].join("\n"),
);

const diff = (...more: readonly string[]) =>
  run(folder, "terms", "diff", keep("last.json", last), keep("terms.json", terms), "--history", past, ...more);

describe("a past under terms that pay by frozen weights", () => {
  it("is shared by the weights of the file that holds them, whoever is new by what newcomers weigh", async () => {
    const { exit, out, err } = await diff("--fit", fitFile, "--json");
    expect([exit, err]).toEqual([0, ""]);
    const paid = JSON.parse(out).money.payees.map((it: Record<string, unknown>) => [
      it.payee,
      it.beforeMinor,
      it.afterMinor,
    ]);
    expect(paid.sort()).toEqual([
      ["Ann", 0, 750],
      ["Bob", 2000, 750],
      ["Cyd", 0, 500],
    ]);
  });

  it("is refused without them, saying where they come from", async () => {
    const { exit, out, err } = await diff();
    expect([exit === 0, out]).toEqual([false, ""]);
    expect(err).toContain(`past.csv:1:1: the terms pay by the frozen weights of the fit ${hash.slice(0, 8)}…`);
    expect(err).toContain("--fit FILE");
  });

  it.each([
    ["changed by hand", { hash, fit: { ...fit, newcomerNano: 1 }, names }, "are not what their hash says"],
    ["no fit at all", { weights: [] }, "this is no fit"],
    [
      "another fit",
      (() => {
        const other = { ...fit, seed: "2" };
        return { hash: createHash("sha256").update(fitText(other)).digest("hex"), fit: other, names };
      })(),
      "Give that one",
    ],
  ])("is refused with weights that are %s", async (name, file, because) => {
    const { exit, err } = await diff("--fit", keep(`${name}.json`, file));
    expect(exit).not.toBe(0);
    expect(err).toContain(because);
  });
});
