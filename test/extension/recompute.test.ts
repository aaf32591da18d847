import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareShown, recomputeConversion, recomputeStatement } from "../../extension/app/recompute.ts";
import {
  conversionOf,
  earningsOf,
  explainedWith,
  hashOf,
  someCase,
  someContract,
  someTerms,
  statementOf,
} from "./evidence.ts";

const AT = Date.parse("2026-11-10T12:00:00Z");
const LATER = AT + 20 * 86_400_000;
const contract = someContract("con_a", ["shop.example"], AT, someTerms(AT));
const cases = Array.from({ length: 12 }, (_, index) => someCase(contract, `cnv_${index}`, AT + index * 3_600_000));
const explained = statementOf(contract, cases, LATER);
const page = conversionOf(contract, cases, cases[7]!);
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

describe("Computing a conversion again on this device", () => {
  const part = page.parts[0]!;

  it("agrees with an honest server, for each of them, across a step of the ladder and a proof that came late", () => {
    const steep = someContract(
      "con_a",
      ["shop.example"],
      AT,
      someTerms(AT, {
        pay: [
          { rule: "fixed", amountMinor: 5000, per: "period" },
          {
            rule: "tiered",
            result: "lead",
            measure: "count",
            mode: "marginal",
            steps: [
              { from: 0, amountMinor: 1000 },
              { from: 2, amountMinor: 1777 },
            ],
          },
        ],
      }),
    );
    const late = cases.map((it, index) => ({
      ...it,
      share: { ...it.share, ...(index % 3 === 0 && { countedAt: it.share.at + 5 * 86_400_000 }) },
    }));
    const all = statementOf(steep, late, LATER);
    const amounts = late.map((it) => {
      const shown = conversionOf(steep, late, it);
      expect(recomputeConversion(shown, shown.parts[0]!, all, true)).toEqual({ verdict: "same" });
      return shown.parts[0]!.amountMinor;
    });
    expect(new Set(amounts).size).toBeGreaterThan(2);
  });

  it("notices a share that was moved from one payee to another", () => {
    const shares = part.shares.map((it, index) => ({ ...it, shareMicro: it.shareMicro + [1, -1, 0][index]! }));
    const differs = { verdict: "differs" };
    expect(recomputeConversion(page, { ...part, shares }, explained, true)).toMatchObject(differs);
    expect(recomputeConversion(page, { ...part, shareMicro: part.shareMicro - 1 }, explained, true)).toMatchObject(
      differs,
    );
  });

  it("notices a touch that was declared out of the journey", () => {
    const considered = part.considered.map((it, index) => (index === 1 ? { ...it, in: false, shareMicro: 0 } : it));
    expect(recomputeConversion(page, { ...part, considered }, explained, true)).toMatchObject({ verdict: "differs" });
  });

  it("notices an amount that is not the sum of its lines", () => {
    expect(recomputeConversion(page, { ...part, amountMinor: part.amountMinor + 1 }, explained, true)).toEqual({
      verdict: "differs",
      difference: { what: "amountMinor", server: String(part.amountMinor + 1), here: String(part.amountMinor) },
    });
  });

  it("does not confirm an amount that its own evidence does not come to, and says what that comes to", () => {
    const lines = part.lines.map((line) => ({ ...line, amountMinor: line.amountMinor + 100 }));
    const told = { ...part, lines, amountMinor: part.amountMinor + 100 };
    expect(recomputeConversion(page, told, explained, true)).toEqual({
      verdict: "partly",
      difference: { what: "amountMinor", server: String(part.amountMinor + 100), here: String(part.amountMinor) },
    });
  });

  it("confirms no amount without the statement it is part of", () => {
    const difference = { server: String(part.amountMinor), here: "–" };
    expect(recomputeConversion(page, part, undefined)).toMatchObject({ verdict: "partly", difference });
    const without = { ...explained, shares: [] };
    expect(recomputeConversion(page, part, without, true)).toMatchObject({ verdict: "partly", difference });
  });

  it("says so when it does not know the model, or cannot make sense of the evidence, and claims nothing", () => {
    const unknown = { ...part, attribution: { ...part.attribution, model: "markov" as const } };
    expect(recomputeConversion(page, unknown, explained, true)).toEqual({ verdict: "unknown" });
    const senseless = { ...part, attribution: { ...part.attribution, windowDays: Number.NaN } };
    expect(recomputeConversion(page, senseless, explained, true).verdict).not.toBe("same");
  });
});

describe("The first page against its statement", () => {
  const earnings = earningsOf(contract, cases, LATER);

  it("agrees with an honest server", () => {
    expect(compareShown(earnings, explained)).toEqual({ verdict: "same" });
  });

  it("does not where one of them was moved", () => {
    const more = { ...earnings, period: { ...earnings.period!, earnedMinor: earnings.period!.earnedMinor + 5 } };
    expect(compareShown(more, explained)).toMatchObject({
      verdict: "differs",
      difference: { what: "earnedMinor", server: String(more.period.earnedMinor) },
    });
    const guarantee = { ...earnings.period!.guarantee!, volumeMicro: 49_000_000 };
    const nearer = { ...earnings, period: { ...earnings.period!, guarantee } };
    expect(compareShown(nearer, explained)).toMatchObject({ verdict: "differs" });
  });
});
