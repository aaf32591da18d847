import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clauseParts, differing } from "../../server/console/kit/clauses.ts";

const before = ["Time. From 2026-10-01 to 2026-12-31.", "Pay 1. 10.00 USD for each lead that counts.", "Sum. All."];

const told = (after: readonly string[]) =>
  differing(before, after).map(({ head, kind, pieces }) => [
    head,
    kind,
    pieces.map((it) => `${it.kind} ${it.text.trim()}`),
  ]);

describe("two wordings compared", () => {
  it("say nothing of clauses that read the same", () => {
    expect(differing(before, before)).toEqual([]);
  });

  it("tell a changed clause by what went and what came, under the word it begins with", () => {
    const after = [before[0]!, "Pay 1. 12.50 USD for each lead that counts.", before[2]!];
    expect(told(after)).toEqual([
      ["Pay 1", "changed", ["gone 10.00", "new 12.50", "same USD for each lead that counts."]],
    ]);
  });

  it("tell clauses that were added and removed whole", () => {
    const after = [before[0]!, before[1]!, "Pay 2. 5.00 USD once.", before[2]!];
    expect(told(after)).toEqual([["Pay 2", "new", ["new 5.00 USD once."]]]);
    expect(told([before[0]!, before[2]!])).toEqual([["Pay 1", "gone", ["gone 10.00 USD for each lead that counts."]]]);
  });

  it("do not cut a new sentence into the words it happens to share with the old one", () => {
    const after = ["Time. For one week to 2027-03-01.", before[1]!, before[2]!];
    expect(told(after)).toEqual([
      ["Time", "changed", ["gone From 2026-10-01 to 2026-12-31.", "new For one week to 2027-03-01."]],
    ]);
  });

  it("can always be put together again from what is told", () => {
    const clause = fc
      .tuple(
        fc.constantFrom("Pay 1", "Pay 2", "Time"),
        fc.array(fc.constantFrom("a", "b", "c", "of"), { minLength: 1 }),
      )
      .map(([head, words]) => `${head}. ${words.join(" ")}`);
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 5 }), fc.array(clause, { maxLength: 5 }), (one, other) => {
        const found = differing(one, other);
        const side = (kind: "gone" | "new") =>
          found
            .filter((it) => it.kind === "changed" || it.kind === kind)
            .map((it) => it.pieces.filter((piece) => piece.kind === "same" || piece.kind === kind));
        const texts = (kind: "gone" | "new") => side(kind).map((all) => all.map(({ text }) => text).join(""));
        const rests = (all: readonly string[]) => all.map((it) => clauseParts(it)[1]);
        for (const text of texts("gone")) expect(rests(one)).toContain(text);
        for (const text of texts("new")) expect(rests(other)).toContain(text);
        expect(texts("new").length - texts("gone").length).toBe(other.length - one.length);
      }),
    );
  });
});
