import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blankTerms, todayIn } from "../../server/console/terms/blank.ts";
import { drop, look, namesAt, type Path, pointerOf, put, rename } from "../../server/console/terms/pointer.ts";
import { inCurrency } from "../../server/console/terms/rescale.ts";
import { renamedResult } from "../../server/console/terms/results.tsx";
import { ruleEditors } from "../../server/console/terms/rules.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { exponents } from "../../shared/kit/currency.ts";

const key = fc.oneof(fc.constantFrom("pay", "a/b", "~", "__proto__", "constructor"), fc.integer({ min: 0, max: 3 }));
const path = fc.array(key, { minLength: 1, maxLength: 4 });
const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe("a place in a draft", () => {
  it("holds what was put there, whatever stood there before", () =>
    fc.assert(
      fc.property(json, path, json, (document, at, value) => {
        expect(look(put(document, at as Path, value), at as Path)).toEqual(value);
      }),
    ));

  it("leaves the document it was written from as it was", () =>
    fc.assert(
      fc.property(json, path, json, (document, at, value) => {
        const before = JSON.stringify(document);
        put(document, at as Path, value);
        drop(document, at as Path);
        expect(JSON.stringify(document)).toBe(before);
      }),
    ));

  it("is told as the server tells it", () => expect(pointerOf(["pay", 3, "a/b~c"])).toBe("/pay/3/a~1b~0c"));

  it("never finds what a document only inherits", () => expect(look({}, ["constructor"])).toBeUndefined());
});

describe("renaming a result", () => {
  const draft = blankTerms("2026-11-22", "Europe/Berlin");

  it("keeps its place in the list and follows it wherever a rule or the guarantee names it", () => {
    const two = put(put(draft, ["results", "sale"], { counts: "confirmed" }), ["guarantee"], {
      result: "lead",
      target: 5,
    });
    const renamed = renamedResult(two, "lead", "enrollment");
    expect(namesAt(renamed, ["results"])).toEqual(["enrollment", "sale"]);
    expect(look(renamed, ["pay", 0, "result"])).toBe("enrollment");
    expect(look(renamed, ["guarantee", "result"])).toBe("enrollment");
  });

  it("of something that is not there changes nothing", () =>
    expect(rename(draft, ["results"], "nothing", "else")).toEqual(draft));
});

describe("what a draft begins with", () => {
  it("holds, with each kind of rule the form offers, in every currency", () => {
    const begun = blankTerms(todayIn(Date.UTC(2026, 10, 22), "Europe/Berlin"), "Europe/Berlin");
    for (const currency of exponents.keys()) {
      for (const { blank } of Object.values(ruleEditors)) {
        const draft = inCurrency(put(begun, ["pay", 1], blank("lead")), currency);
        const read = readTerms(draft);
        expect(read.ok ? [] : read.problems, currency).toEqual([]);
      }
    }
  });

  it("falls back to UTC where the machine's time zone is unknown", () =>
    expect(look(blankTerms("2026-11-22", "Etc/Unknown/Zone"), ["timeZone"])).toBe("UTC"));
});

describe("changing the currency", () => {
  const draft = put(blankTerms("2026-11-22", "UTC"), ["pay", 1], {
    rule: "tiered",
    result: "sale",
    measure: "value",
    mode: "marginal",
    steps: [
      { from: 0, rateBp: 400 },
      { from: 20_000, rateBp: 600 },
    ],
  });

  it("keeps every amount's meaning, thresholds of value among them, and never touches rates", () => {
    const dinars = inCurrency(draft, "KWD");
    expect(look(dinars, ["pay", 0, "amountMinor"])).toBe(12_000);
    expect(look(dinars, ["pay", 1, "steps", 1])).toEqual({ from: 200_000, rateBp: 600 });
    expect(inCurrency(dinars, "USD")).toEqual(draft);
  });

  it("keeps an amount that has no such digits as it was written, so that it is mended and not rounded", () => {
    const odd = put(draft, ["pay", 0, "amountMinor"], 1_250);
    const yen = inCurrency(odd, "JPY");
    expect(look(yen, ["pay", 0, "amountMinor"])).toBe("12.50");
    expect(readTerms(yen).ok).toBe(false);
    expect(inCurrency(yen, "USD")).toEqual(odd);
  });
});
