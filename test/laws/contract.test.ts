import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ContractCommand,
  type ContractState,
  consentVersion,
  contractLife,
  covers,
  endOf,
} from "../../shared/contract/contract.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { wording, wordingVersion } from "../../shared/contract/wording.ts";
import { terms as draft } from "../stories/scene.ts";

const read = readTerms(draft);
if (!read.ok) throw new Error("the scene's terms hold");
const terms: Terms = read.terms;
const [A, B] = ["a".repeat(64), "b".repeat(64)];
const drafts = (termsHash = A): ContractCommand => ({
  type: "draft",
  contract: "con",
  campaign: "cmp",
  influencer: "inf",
  terms,
  termsHash,
});
const signs = (by: "brand" | "influencer", termsHash = A): ContractCommand => ({
  type: "sign",
  by,
  termsHash,
  consent: consentVersion,
});
const completes = (at: number): ContractCommand => ({ type: "complete", at });

/** Ask, and become what the facts make of it; a refusal leaves everything as it was. */
const live = (state: ContractState, command: ContractCommand) => {
  const decided = contractLife.decide(state, command);
  const facts = decided.ok ? decided.value : [];
  return { facts: facts.map(({ type }) => type), after: facts.reduce(contractLife.evolve, state), decided };
};
const given = (...commands: readonly ContractCommand[]): ContractState =>
  commands.reduce((state, command) => live(state, command).after, contractLife.initial);
const refusal = (state: ContractState, command: ContractCommand): string | undefined => {
  const { decided } = live(state, command);
  return decided.ok ? undefined : decided.refusal.code;
};

const offered = given(drafts(), { type: "offer" });
const running = given(drafts(), { type: "offer" }, signs("brand"), signs("influencer"));

describe("a contract", () => {
  test("runs when both have signed, in either order, and not before", () => {
    expect(given(drafts(), { type: "offer" }, signs("influencer")).status).toBe("offered");
    expect(running.status).toBe("running");
    expect(given(drafts(), { type: "offer" }, signs("influencer"), signs("brand")).status).toBe("running");
  });

  test("cannot be signed before it is offered, nor with the hash of other terms", () => {
    expect(refusal(given(drafts()), signs("brand"))).toBe("contract-not-offered");
    expect(refusal(offered, signs("brand", B))).toBe("terms-changed");
  });

  test("may be redrafted until it is offered, and then no more", () => {
    expect(given(drafts(), drafts(B))).toMatchObject({ version: 2, termsHash: B, signedBy: [] });
    expect(refusal(offered, drafts(B))).toBe("contract-not-draft");
    expect(refusal(running, drafts(B))).toBe("contract-not-draft");
  });

  test("is completed only after its last day is over, by the clock of its time zone", () => {
    const end = endOf(terms);
    expect(new Date(end).toISOString()).toBe("2027-01-01T05:00:00.000Z");
    expect(refusal(running, completes(end - 1))).toBe("contract-not-over");
    expect(live(running, completes(end)).after.status).toBe("completed");
    expect(refusal(offered, completes(end))).toBe("contract-not-running");
    expect([covers(terms, end - 1), covers(terms, end)]).toEqual([true, false]);
  });

  test("keeps the wording each side read, rendered from the terms alone", () => {
    const { decided } = live(offered, signs("brand"));
    expect(decided).toMatchObject({ ok: true, value: [{ wording: wordingVersion, consent: consentVersion }] });
    const text = wording(terms).join("\n");
    for (const said of ["10.00 USD for each lead", "7.25 %", "America/New_York", "simple electronic signature"])
      expect(text).toContain(said);
  });
});

test("asked anything in any order, a contract is never signed twice by one side, never runs unsigned, and repeats change nothing", () => {
  const command = fc.constantFrom<ContractCommand>(
    drafts(),
    drafts(B),
    { type: "offer" },
    signs("brand"),
    signs("brand", B),
    signs("influencer"),
    signs("influencer", B),
    completes(0),
    completes(endOf(terms)),
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(command, { maxLength: 14 }), (commands) => {
      let state = contractLife.initial;
      for (const it of commands) {
        const { after, decided } = live(state, it);
        const facts = decided.ok ? decided.value : [];
        for (const fact of facts) seen.add(fact.type);
        expect(new Set(after.signedBy).size).toBe(after.signedBy.length);
        if (after.status === "running" || after.status === "completed") expect(after.signedBy.length).toBe(2);
        if (decided.ok) expect(live(after, it).facts).toEqual([]);
        state = after;
      }
    }),
    { numRuns: 2000 },
  );
  expect([...seen].sort()).toEqual([
    "contract-completed",
    "contract-drafted",
    "contract-offered",
    "contract-signed",
    "contract-started",
  ]);
});
