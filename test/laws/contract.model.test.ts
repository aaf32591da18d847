import fc from "fast-check";
import { expect, test } from "vitest";
import type { ContractCommand } from "../../shared/contract/command.ts";
import { type ContractState, inForce, overAt } from "../../shared/contract/contract.ts";
import { contractLife } from "../../shared/contract/life.ts";
import { asks, edges, live, positionOf } from "./contract.life.ts";

/** One contract for every place in its life that can be reached by asking. */
const reached = (): ReadonlyMap<string, ContractState> => {
  const found = new Map([["none", contractLife.initial]]);
  // What is found on the way is gone through as well.
  for (const state of found.values())
    for (const ask of Object.values(asks)) {
      const { after } = live(state, ask(state));
      if (!found.has(positionOf(after))) found.set(positionOf(after), after);
    }
  return found;
};

test("every place in a contract's life can be reached, and there is no other", () => {
  const named = new Set(edges.flatMap(([from, , , to]) => [from, to]));
  expect([...reached().keys()].sort()).toEqual([...named].sort());
});

test("from every place, everything that can be asked does exactly what its life says, or nothing", () => {
  const walked = new Set<string>();
  for (const [from, state] of reached())
    for (const [name, ask] of Object.entries(asks)) {
      const edge = edges.find(([start, asked]) => start === from && asked === name);
      const { facts, after, decided } = live(state, ask(state));
      const told = `${from}: ${name}: ${decided.ok ? "" : decided.refusal.code}`;
      expect(facts.map((it) => it.slice("contract-".length)).join(" "), told).toBe(edge?.[2] ?? "");
      expect(positionOf(after), told).toBe(edge?.[3] ?? from);
      if (!decided.ok) expect(decided.refusal.because, told).toMatch(/^.{20,}\.$/);
      walked.add(`${from}: ${name}`);
    }
  expect(edges.filter(([from, name]) => !walked.has(`${from}: ${name}`))).toEqual([]);
});

test("what was done is not done again by asking again", () => {
  for (const state of reached().values())
    for (const ask of Object.values(asks)) {
      const command = ask(state);
      expect(live(live(state, command).after, command).facts).toEqual([]);
    }
});

const holds = (state: ContractState): void => {
  const { status, proposal, versions, signedBy, latest, lastDay } = state;
  const numbers = versions.map(({ version }) => version);
  expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
  expect(new Set([...numbers, ...(proposal ? [proposal.version] : [])]).size).toBe(numbers.length + (proposal ? 1 : 0));
  expect(latest).toBeGreaterThanOrEqual(Math.max(0, proposal?.version ?? 0, ...numbers));
  const isSigned = ["running", "completed", "terminated"].includes(status);
  expect(versions.length > 0).toBe(isSigned);
  if (isSigned) {
    expect([...signedBy].sort()).toEqual(["brand", "influencer"]);
    expect(versions.at(-1)).toMatchObject({ version: state.version, terms: state.terms, termsHash: state.termsHash });
  }
  expect(proposal !== null && !["offered", "running"].includes(status)).toBe(false);
  expect(status === "offered").toBe(proposal !== null && versions.length === 0);
  expect(new Set(proposal?.signedBy ?? []).size).toBe(proposal?.signedBy.length ?? 0);
  expect(proposal?.signedBy.length ?? 0).toBeLessThan(2);
  // The versions in force follow one another, and none outlasts the contract.
  const spans = inForce(state);
  spans.forEach(({ from, until }, place) => {
    expect(from).toBeLessThan(until);
    expect(from).toBeGreaterThanOrEqual(spans[place - 1]?.until ?? 0);
    expect(until).toBeLessThanOrEqual(overAt(state)!);
  });
  if (status === "terminated") expect(lastDay).not.toBeNull();
};

test("whatever is asked in whatever order, a contract is never signed twice by one side, never runs unsigned, and never forgets what was signed", () => {
  const names = fc.constantFrom(...Object.keys(asks));
  fc.assert(
    fc.property(fc.array(names, { maxLength: 40 }), (walk) => {
      let state = contractLife.initial;
      for (const name of ["draft", "offer", ...walk]) {
        const command: ContractCommand = asks[name]!(state);
        const { after } = live(state, command);
        expect(after.versions.slice(0, state.versions.length)).toEqual(state.versions);
        holds(after);
        state = after;
      }
    }),
    { numRuns: 3000 },
  );
});
