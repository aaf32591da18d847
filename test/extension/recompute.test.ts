import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recomputeConversion, recomputeStatement } from "../../extension/app/recompute.ts";
import { conversionOf, explainedWith, hashOf, someCase, someContract, someTerms, statementOf } from "./evidence.ts";

const AT = Date.parse("2026-11-10T12:00:00Z");
const LATER = AT + 20 * 86_400_000;
const contract = someContract("con_a", ["shop.example"], AT, someTerms(AT));
const cases = Array.from({ length: 12 }, (_, index) => someCase(contract, `cnv_${index}`, AT + index * 3_600_000));
const explained = statementOf(contract, cases, LATER);
const page = conversionOf(contract, cases[0]!);
const signed = new Map([[1, contract.termsHash]]);

type Json = { [name: string]: unknown };

const numbersIn = (value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] => {
  if (typeof value === "number") return [at];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, each]) => numbersIn(each, [...at, name]));
};

const moved = <Value>(value: Value, at: readonly (string | number)[], by: number): Value => {
  const copy = structuredClone(value);
  let inside = copy as unknown as Json;
  for (const name of at.slice(0, -1)) inside = inside[name] as Json;
  const last = String(at.at(-1));
  inside[last] = (inside[last] as number) + by;
  return copy;
};

describe("Recomputing a statement on this device", () => {
  it("agrees with an honest server", async () => {
    expect(await recomputeStatement(explained, signed)).toEqual({ verdict: "same" });
  });

  it("notices any single figure that was moved, by however little", async () => {
    const places = numbersIn(explained.statement);
    expect(places.length).toBeGreaterThan(8);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.integer({ min: -99, max: 99 }).filter((it) => it !== 0),
        async (place, by) => {
          const told = { ...explained, statement: moved(explained.statement, place, by) };
          expect(await recomputeStatement(told)).toMatchObject({ verdict: "differs" });
        },
      ),
    );
  });

  it("names the first sum that differs, with both figures", async () => {
    const [last] = explained.statement.periods.map((_, index) => index).slice(-1);
    const told = moved(explained.statement, ["periods", last!, "earnedMinor"], 100);
    const here = explained.statement.periods[last!]!.earnedMinor;
    expect(await recomputeStatement({ ...explained, statement: told })).toEqual({
      verdict: "differs",
      difference: { what: `periods.${last}.earnedMinor`, server: String(here + 100), here: String(here) },
    });
  });

  it("notices a share that was left out of the evidence, and a line that was added", async () => {
    const fewer = { ...explained, shares: explained.shares.slice(1) };
    expect(await recomputeStatement(fewer)).toMatchObject({ verdict: "differs" });
    const more = structuredClone(explained);
    more.statement.periods[0]!.lines.push({ code: "fee", amountMinor: 0, exact: "0/1", because: "a fee" });
    expect(await recomputeStatement(more)).toMatchObject({ verdict: "differs" });
  });

  it("does not mind another wording", async () => {
    const worded = structuredClone(explained);
    for (const period of worded.statement.periods) for (const line of period.lines) line.because = "in other words";
    expect(await recomputeStatement(worded)).toEqual({ verdict: "same" });
  });

  it("refuses terms that are not the ones that were signed, even when the sums are right for them", async () => {
    const cheaper = someContract(
      "con_a",
      ["shop.example"],
      AT,
      someTerms(AT, { pay: [{ rule: "perResult", result: "lead", amountMinor: 1 }] }),
    );
    const told = statementOf(cheaper, cases, LATER);
    expect(await recomputeStatement(told)).toEqual({ verdict: "same" });
    expect(await recomputeStatement(told, signed)).toMatchObject({
      verdict: "differs",
      difference: { what: "termsHash" },
    });
    expect(await recomputeStatement({ ...told, termsHash: contract.termsHash })).toMatchObject({ verdict: "differs" });
  });
});

describe("Recomputing an amended contract on this device", () => {
  const later = someTerms(AT, {
    starts: "2026-12-01",
    pay: [{ rule: "perResult", result: "lead", amountMinor: 2000 }],
  });
  const amendment = { version: 2, termsHash: hashOf(later), terms: later };
  const DECEMBER = AT + 40 * 86_400_000;
  const amended = explainedWith(contract, cases, DECEMBER, [amendment]);

  it("prices each period by the version of its time", async () => {
    expect(await recomputeStatement(amended, new Map([...signed, [2, hashOf(later)]]))).toEqual({ verdict: "same" });
    expect(await recomputeStatement({ ...amended, amendments: [] })).toMatchObject({ verdict: "differs" });
  });

  it("refuses an amendment that is not the one that was signed", async () => {
    const other = someTerms(AT, { starts: "2026-12-01", pay: [{ rule: "perResult", result: "lead", amountMinor: 1 }] });
    const told = explainedWith(contract, cases, LATER, [{ version: 2, termsHash: hashOf(other), terms: other }]);
    expect(await recomputeStatement(told, signed)).toEqual({ verdict: "same" });
    expect(await recomputeStatement(told, new Map([...signed, [2, hashOf(later)]]))).toMatchObject({
      difference: { what: "termsHash" },
    });
    const forged = explainedWith(contract, cases, LATER, [{ ...amendment, terms: other }]);
    expect(await recomputeStatement(forged)).toMatchObject({ difference: { what: "termsHash" } });
  });
});

describe("Sharing a conversion again on this device", () => {
  const part = page.parts[0]!;

  it("agrees with an honest server", () => {
    expect(recomputeConversion(page, part)).toEqual({ verdict: "same" });
  });

  it("notices a share that was moved from one payee to another", () => {
    const shares = part.shares.map((it, index) => ({ ...it, shareMicro: it.shareMicro + [1, -1, 0][index]! }));
    expect(recomputeConversion(page, { ...part, shares })).toMatchObject({ verdict: "differs" });
    expect(recomputeConversion(page, { ...part, shareMicro: part.shareMicro - 1 })).toMatchObject({
      verdict: "differs",
    });
  });

  it("notices a touch that was declared out of the journey", () => {
    const considered = part.considered.map((it, index) => (index === 1 ? { ...it, in: false, shareMicro: 0 } : it));
    expect(recomputeConversion(page, { ...part, considered })).toMatchObject({ verdict: "differs" });
  });

  it("says so when it does not know the model, and claims nothing", () => {
    const unknown = { ...part, attribution: { ...part.attribution, model: "markov" as const } };
    expect(recomputeConversion(page, unknown)).toEqual({ verdict: "unknown" });
  });
});
