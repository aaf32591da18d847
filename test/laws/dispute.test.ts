import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Party } from "../../shared/contract/contract.ts";
import {
  adjustmentOf,
  allDisputeReasons,
  type DisputeItem,
  disputeReasons,
  disputeRules,
  isReasonOf,
  itemKey,
  MOST_MISSING_MINOR,
  splitOf,
} from "../../shared/contract/dispute.item.ts";
import { disputeLife, MOST_PROPOSALS } from "../../shared/contract/dispute.life.ts";
import {
  type DisputeCommand,
  type DisputeFact,
  type DisputeState,
  disputeReminderHours,
  heldMinorOf,
} from "../../shared/contract/dispute.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import { few } from "../cases.ts";
import { terms as draft } from "../stories/scene.ts";

const read = readTerms(draft);
if (!read.ok) throw new Error("the scene's terms hold");
const { terms } = read;

const [HOUR, DAY, NOW] = [3_600_000, 86_400_000, Date.UTC(2026, 10, 10, 12)];
const AMOUNT = 1001;
const keys = { brand: "b".repeat(64), influencer: "f".repeat(64) };
const sides: readonly Party[] = ["brand", "influencer"];
const other = (party: Party): Party => (party === "brand" ? "influencer" : "brand");

type Open = Extract<DisputeCommand, { type: "open" }>;
const opens = (opener: Party, given: Partial<Open> = {}): Open => ({
  type: "open",
  dispute: "dsp",
  item: { kind: "conversion", contract: "con", conversion: "cnv" },
  period: 0,
  opener,
  reason: "wrong-amount",
  amountMinor: AMOUNT,
  currency: "USD",
  rules: disputeRules(terms, "brand"),
  evidence: { hash: "e".repeat(64), version: 1, termsHash: "a".repeat(64) },
  at: NOW,
  lastMoment: NOW,
  mostMinor: AMOUNT,
  explained: false,
  before: { open: false, bySameSide: false },
  ...given,
});

/** Ask, and become what the facts make of it; a refusal leaves everything as it was. */
const live = (state: DisputeState, command: DisputeCommand) => {
  const decided = disputeLife.decide(state, command);
  const facts: readonly DisputeFact[] = decided.ok ? decided.value : [];
  return { facts, after: facts.reduce(disputeLife.evolve, state), decided };
};
const given = (...commands: readonly DisputeCommand[]): DisputeState =>
  commands.reduce((state, command) => {
    const { after, decided } = live(state, command);
    if (!decided.ok) throw new Error(`${command.type}: ${decided.refusal.code}`);
    return after;
  }, disputeLife.initial);
const refusal = (state: DisputeState, command: DisputeCommand): string | undefined => {
  const { decided } = live(state, command);
  if (decided.ok) return undefined;
  // Whoever is refused is told in a sentence what went wrong.
  expect(decided.refusal.because).toMatch(/^[A-Z].{20,}\.$/);
  return decided.refusal.code;
};
/** Asking for what is already so is fine, and changes nothing. */
const changesNothing = (state: DisputeState, command: DisputeCommand): void =>
  expect(live(state, command).decided).toEqual({ ok: true, value: [] });

const at = NOW;
const worthMinor = AMOUNT;
const half = { brandMinor: 500, influencerMinor: 501 };
const answers = (party: Party): DisputeCommand => ({ type: "answer", party, at });
const proposes = (party: Party, split: Extract<DisputeCommand, { type: "propose" }>["split"] = half) =>
  ({ type: "propose", party, at, split }) as const;
const accepts = (party: Party, proposal = 0): DisputeCommand => ({ type: "accept", party, at, proposal, worthMinor });
const escalates = (party: Party): DisputeCommand => ({ type: "escalate", party, at, keys });
const decides = (given: readonly string[], split: typeof half = half): DisputeCommand => ({
  type: "decide",
  at,
  keys: given,
  split,
  worthMinor,
});
const both = [keys.influencer, keys.brand];

const opened = given(opens("brand"));
const answered = given(opens("brand"), answers("influencer"));
const proposed = given(opens("brand"), answers("influencer"), proposes("influencer"));
const escalated = given(opens("brand"), answers("influencer"), escalates("brand"));

describe("a dispute is opened", () => {
  test("for a reason of the side that says so, and for another one only with words", () => {
    for (const party of sides)
      for (const reason of allDisputeReasons) {
        const code = refusal(disputeLife.initial, opens(party, { reason, explained: true }));
        expect([party, reason, code]).toEqual([party, reason, isReasonOf(party, reason) ? undefined : "bad-reason"]);
        expect(isReasonOf(party, reason)).toBe((disputeReasons[party] as readonly string[]).includes(reason));
      }
    expect(refusal(disputeLife.initial, opens("brand", { reason: "other" }))).toBe("text-missing");
  });

  test("until the last moment and not after it", () => {
    expect(refusal(disputeLife.initial, opens("brand", { at: NOW, lastMoment: NOW }))).toBeUndefined();
    expect(refusal(disputeLife.initial, opens("brand", { at: NOW + 1 }))).toBe("too-late-to-dispute");
  });

  test("not while another one on the same item is open, nor a second time by the same side", () => {
    const before = { open: true, bySameSide: false };
    expect(refusal(disputeLife.initial, opens("influencer", { before }))).toBe("already-disputed");
    expect(refusal(disputeLife.initial, opens("brand", { before: { open: false, bySameSide: true } }))).toBe(
      "already-disputed",
    );
    expect(refusal(opened, opens("brand"))).toBe("already-disputed");
  });

  test("for at least one minor unit, and no more than there is; more can be missing than there is, though not without end", () => {
    for (const amountMinor of [0, -5, 1.5, Number.NaN, 2 ** 53])
      expect(refusal(disputeLife.initial, opens("brand", { amountMinor }))).toBe("bad-amount");
    expect(refusal(disputeLife.initial, opens("brand", { mostMinor: AMOUNT - 1 }))).toBe("more-than-worth");
    expect(refusal(disputeLife.initial, opens("brand", { amountMinor: 1, mostMinor: -100 }))).toBe("more-than-worth");
    expect(refusal(disputeLife.initial, opens("influencer", { mostMinor: AMOUNT - 1 }))).toBe("more-than-possible");
    const endless = { amountMinor: MOST_MISSING_MINOR + 1, mostMinor: Number.MAX_SAFE_INTEGER };
    expect(refusal(disputeLife.initial, opens("influencer", endless))).toBe("more-than-possible");
    expect(refusal(disputeLife.initial, opens("influencer", { ...endless, amountMinor: MOST_MISSING_MINOR }))).toBe(
      undefined,
    );
  });

  test("and by the brand holds exactly its amount until it is resolved; by the influencer holds nothing", () => {
    for (const state of [opened, answered, proposed, escalated]) expect(heldMinorOf(state)).toBe(AMOUNT);
    const resolved = live(proposed, accepts("brand")).after;
    expect([heldMinorOf(disputeLife.initial), heldMinorOf(resolved)]).toEqual([0, 0]);
    expect(heldMinorOf(given(opens("influencer")))).toBe(0);
  });
});

test("the days are the terms' own, or seven, seven and thirty; silence follows the terms, or what silence means for results", () => {
  const rules = { answerMs: 7 * DAY, proposalMs: 7 * DAY, mediatorMs: 30 * DAY };
  expect(disputeRules(terms, "brand")).toEqual({ ...rules, silence: "influencer", mediator: null });
  // Silence lets go of what is held; it never makes money that nobody had stated.
  expect(disputeRules(terms, "influencer").silence).toBe("brand");
  const waits = { ...terms, timing: { ...terms.timing, silence: "wait" as const } };
  expect(disputeRules(waits, "brand").silence).toBe("brand");
  const own = {
    answerDays: 1,
    proposalDays: 2,
    mediatorDays: 3,
    silence: "influencer" as const,
    mediator: "The guild",
  };
  expect(disputeRules({ ...waits, disputes: own }, "influencer")).toEqual({
    answerMs: DAY,
    proposalMs: 2 * DAY,
    mediatorMs: 3 * DAY,
    silence: "influencer",
    mediator: "The guild",
  });
  expect([opened.until, answered.until, proposed.until, escalated.until]).toEqual([
    NOW + 7 * DAY,
    NOW + 7 * DAY,
    NOW + 7 * DAY,
    NOW + 30 * DAY,
  ]);
});

describe("it is talked over", () => {
  test("each side says its piece once: an answer, and one reply to it", () => {
    expect(refusal(opened, answers("brand"))).toBe("not-your-turn");
    expect(answered.status).toBe("answered");
    expect(refusal(answered, answers("influencer"))).toBe("already-answered");
    const replied = live(proposed, answers("brand")).after;
    expect([replied.replied, replied.status, replied.until]).toEqual([true, "proposed", proposed.until]);
    expect(refusal(replied, answers("brand"))).toBe("already-answered");
    expect(refusal(escalated, answers("brand"))).toBe("not-your-turn");
  });

  test("by turns: a proposal waits for the other side, and only the last one can be accepted, by the other", () => {
    expect(refusal(opened, proposes("brand"))).toBe("not-your-turn");
    expect(refusal(escalated, proposes("brand"))).toBe("not-your-turn");
    expect(refusal(proposed, proposes("influencer", { brandPermille: 1 }))).toBe("not-your-turn");
    changesNothing(proposed, proposes("influencer"));
    changesNothing(live(proposed, accepts("brand")).after, accepts("brand"));
    expect(refusal(live(proposed, accepts("brand")).after, accepts("influencer"))).toBe("dispute-over");
    expect(refusal(answered, accepts("brand"))).toBe("not-your-turn");
    expect(refusal(proposed, accepts("influencer"))).toBe("not-your-turn");
    const countered = live(proposed, proposes("brand", { brandPermille: 1000 })).after;
    expect(countered.proposals).toEqual([
      { party: "influencer", ...half },
      { party: "brand", brandMinor: AMOUNT, influencerMinor: 0 },
    ]);
    expect(refusal(countered, accepts("influencer", 0))).toBe("proposal-changed");
    expect(live(countered, accepts("influencer", 1)).after.outcome).toMatchObject({
      how: "accepted",
      brandMinor: AMOUNT,
    });
  });

  test("but not for ever", () => {
    let state = answered;
    for (let turn = 0; turn < MOST_PROPOSALS; turn += 1)
      state = live(state, proposes(sides[turn % 2]!, { brandPermille: turn })).after;
    expect(state.proposals).toHaveLength(MOST_PROPOSALS);
    expect(refusal(state, proposes("brand", { brandPermille: 999 }))).toBe("too-many-proposals");
    expect(live(state, escalates("brand")).after.status).toBe("escalated");
    expect(live(state, accepts("brand", MOST_PROPOSALS - 1)).after.status).toBe("resolved");
  });

  test("and only the opener withdraws, only the other side concedes", () => {
    for (const [opener, state] of [
      ["brand", opened],
      ["influencer", given(opens("influencer"))],
    ] as const) {
      const all = { [opener]: AMOUNT, [other(opener)]: 0 };
      expect(refusal(state, { type: "withdraw", party: other(opener), at })).toBe("not-your-turn");
      expect(refusal(state, { type: "concede", party: opener, at, worthMinor })).toBe("not-your-turn");
      const conceded = live(state, { type: "concede", party: other(opener), at, worthMinor }).after;
      expect(conceded.outcome).toEqual({
        how: "conceded",
        brandMinor: all.brand,
        influencerMinor: all.influencer,
        adjustmentMinor: opener === "brand" ? -AMOUNT : AMOUNT,
        easedMinor: 0,
      });
      changesNothing(conceded, { type: "concede", party: other(opener), at, worthMinor });
      expect(refusal(conceded, { type: "withdraw", party: opener, at })).toBe("dispute-over");
      const withdrawn = live(state, { type: "withdraw", party: opener, at }).after;
      changesNothing(withdrawn, { type: "withdraw", party: opener, at });
      changesNothing(withdrawn, { type: "lapse", at, worthMinor });
      expect(withdrawn.outcome).toEqual({
        how: "withdrawn",
        brandMinor: all.influencer,
        influencerMinor: all.brand,
        adjustmentMinor: 0,
        easedMinor: 0,
      });
    }
  });
});

describe("the mediator decides", () => {
  test("by both halves of the key, one from each side: no side decides alone", () => {
    for (const wrong of [[], [keys.brand], [keys.brand, keys.brand], [keys.influencer, "x"], [...both, keys.brand]])
      expect(refusal(escalated, decides(wrong)), String(wrong)).toBe("wrong-key");
    expect(refusal(proposed, decides(both))).toBe("wrong-key");
    for (const given of [both, [...both].reverse()])
      expect(live(escalated, decides(given)).after.outcome).toMatchObject({ how: "decided", ...half });
  });

  test("once: the same decision again changes nothing, another one is refused", () => {
    const decided = live(escalated, decides(both)).after;
    changesNothing(decided, decides(both));
    expect(refusal(decided, decides(both, { brandMinor: 0, influencerMinor: AMOUNT }))).toBe("dispute-over");
    expect(refusal(escalated, decides(both, { brandMinor: 1, influencerMinor: 1 }))).toBe("split-does-not-sum");
  });

  test("after the other side has answered, and asking again keeps the first key and the first deadline", () => {
    expect(refusal(opened, escalates("influencer"))).toBe("not-your-turn");
    const again = live(escalated, {
      type: "escalate",
      party: "influencer",
      at: NOW + DAY,
      keys: { brand: "0", influencer: "1" },
    });
    expect([again.decided, again.after.keys]).toEqual([{ ok: true, value: [] }, keys]);
  });
});

describe("a deadline that passes", () => {
  test.each([
    ["opened", opened],
    ["answered", answered],
    ["proposed", proposed],
    ["escalated", escalated],
  ])("%s: gives the whole amount to whom the terms name, whoever was silent, and not a moment before", (_, state) => {
    const until = state.until!;
    expect(refusal(state, { type: "lapse", at: until - 1, worthMinor })).toBe("not-due-yet");
    for (const silence of sides) {
      const rules = { ...state.rules, silence };
      const { after } = live({ ...state, rules }, { type: "lapse", at: until, worthMinor });
      expect(after).toMatchObject({ status: "resolved", until: null, outcome: { how: "silence" } });
      expect(after.outcome![`${silence}Minor`]).toBe(AMOUNT);
    }
    for (const party of sides)
      for (const late of [
        { ...answers(party), at: until },
        { ...proposes(party), at: until },
        { ...escalates(party), at: until },
        { ...accepts(other(state.proposals.at(-1)?.party ?? party)), at: until },
        { type: "withdraw", party: "brand", at: until },
        { type: "concede", party: "influencer", at: until, worthMinor },
      ] as const)
        expect(refusal(state, late as DisputeCommand), late.type).toBe("deadline-passed");
  });

  test("is told of three days and one day before, and never when it has passed or the dispute is over", () => {
    expect(disputeReminderHours).toEqual([72, 24]);
    for (const hours of disputeReminderHours) {
      const reminds = (when: number): DisputeCommand => ({ type: "remind", at: when, hours });
      const until = opened.until!;
      expect(live(opened, reminds(until - hours * HOUR)).facts).toEqual([
        { type: "dispute-reminded", dispute: "dsp", hours, until },
      ]);
      for (const when of [until - hours * HOUR - 1, until]) expect(live(opened, reminds(when)).facts).toEqual([]);
      expect(live(live(proposed, accepts("brand")).after, reminds(until - 1)).facts).toEqual([]);
    }
  });
});

describe("the split", () => {
  test("always sums to the amount, by whichever way it is asked for, and each part is within a unit of its share", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MOST_MISSING_MINOR }),
        fc.integer({ min: 0, max: 1000 }),
        (amount, permille) => {
          const split = splitOf(amount, { brandPermille: permille });
          if (!split.ok) throw new Error(split.refusal.code);
          const { brandMinor, influencerMinor } = split.value;
          expect(brandMinor + influencerMinor).toBe(amount);
          const exact = BigInt(amount) * BigInt(permille);
          const off = BigInt(brandMinor) * 1000n - exact;
          expect(off > -1000n && off < 1000n).toBe(true);
          expect(splitOf(amount, split.value)).toEqual(split);
          for (const by of [-1, 1])
            expect(splitOf(amount, { brandMinor, influencerMinor: influencerMinor + by }).ok).toBe(false);
        },
      ),
    );
    expect(splitOf(3, { brandPermille: 500 })).toEqual({ ok: true, value: { brandMinor: 1, influencerMinor: 2 } });
    expect(splitOf(10, { brandPermille: 333 })).toEqual({ ok: true, value: { brandMinor: 3, influencerMinor: 7 } });
    expect(splitOf(5, { brandMinor: -1, influencerMinor: 6 })).toMatchObject({
      ok: false,
      refusal: { because: expect.stringContaining("5 minor units") },
    });
    expect(splitOf(5, { brandMinor: 6, influencerMinor: -1 }).ok).toBe(false);
  });

  test("takes the brand's part of what should not be paid, but never more than is left; adds the influencer's part of what is missing", () => {
    expect(adjustmentOf("brand", half, AMOUNT)).toBe(-500);
    expect(adjustmentOf("brand", half, 200)).toBe(-200);
    for (const left of [0, -300]) expect(Object.is(adjustmentOf("brand", half, left), 0)).toBe(true);
    for (const left of [AMOUNT, 0, -300]) expect(adjustmentOf("influencer", half, left)).toBe(501);
  });

  test("gives back what it took for an item that a later refund took too, once, whatever the item is", () => {
    const taken = live(proposed, accepts("brand")).after;
    const eases = (left: number): DisputeCommand => ({ type: "ease", worthMinor: left });
    expect(live(taken, eases(500)).facts).toEqual([]);
    const part = live(taken, eases(480)).after;
    expect(part.outcome).toMatchObject({ adjustmentMinor: -500, easedMinor: 20 });
    expect(live(part, eases(480)).facts).toEqual([]);
    expect(live(part, eases(-40)).facts).toEqual([{ type: "dispute-eased", dispute: "dsp", backMinor: 480 }]);
    const whole = { ...taken, item: { kind: "contract", contract: "con" } } as const;
    expect(live(whole, eases(0)).facts).toEqual([{ type: "dispute-eased", dispute: "dsp", backMinor: 500 }]);
    expect(live(opened, eases(0)).facts).toEqual([]);
    const added = live(given(opens("influencer")), { type: "concede", party: "brand", at, worthMinor }).after;
    expect(live(added, eases(0)).facts).toEqual([]);
  });
});

test("no two items have one name", () => {
  const items: readonly DisputeItem[] = [
    { kind: "conversion", contract: "con", conversion: "0" },
    { kind: "conversion", contract: "con", conversion: "contract" },
    { kind: "statement", contract: "con", period: 0 },
    { kind: "statement", contract: "con", period: 1 },
    { kind: "contract", contract: "con" },
    { kind: "contract", contract: "con2" },
  ];
  expect(new Set(items.map(itemKey)).size).toBe(items.length);
  expect(items.map(itemKey).slice(-2)).toEqual(["con/contract", "con2/contract"]);
});

/** Who may do what from where, and where it leads: written from the rules, beside the code. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  none: ["open opened"],
  opened: ["answer answered", "withdraw resolved", "concede resolved", "lapse resolved", "remind opened"],
  answered: [
    "answer answered",
    "propose proposed",
    "escalate escalated",
    "withdraw resolved",
    "concede resolved",
    "lapse resolved",
    "remind answered",
  ],
  proposed: [
    "answer proposed",
    "propose proposed",
    "accept resolved",
    "escalate escalated",
    "withdraw resolved",
    "concede resolved",
    "lapse resolved",
    "remind proposed",
  ],
  escalated: ["decide resolved", "withdraw resolved", "concede resolved", "lapse resolved", "remind escalated"],
  resolved: ["ease resolved"],
};

const party = fc.constantFrom<Party>("brand", "influencer");
const worth = fc.constantFrom(AMOUNT, 300, 0, -50);
const split = fc.oneof(
  fc.integer({ min: 0, max: 1000 }).map((brandPermille) => ({ brandPermille })),
  fc.integer({ min: -1, max: AMOUNT }).map((it) => ({ brandMinor: it, influencerMinor: AMOUNT - it })),
  fc.constant(half),
);
type Step = (state: DisputeState, at: number) => DisputeCommand;
const step: fc.Arbitrary<Step> = fc.oneof(
  party.map(
    (by): Step =>
      (_, at) => ({ type: "answer", party: by, at }),
  ),
  fc.record({ by: party, split }).map(
    ({ by, split }): Step =>
      (_, at) => ({ type: "propose", party: by, at, split }),
  ),
  fc.record({ by: party, worthMinor: worth, back: fc.constantFrom(1, 1, 1, 2) }).map(
    ({ by, worthMinor, back }): Step =>
      ({ proposals }, at) => {
        const proposal = Math.max(0, proposals.length - back);
        return { type: "accept", party: by, at, proposal, worthMinor };
      },
  ),
  party.map(
    (by): Step =>
      (_, at) => ({ type: "escalate", party: by, at, keys }),
  ),
  fc.record({ given: fc.constantFrom(both, [keys.brand], []), split, worthMinor: worth }).map(
    ({ given, split, worthMinor }): Step =>
      (_, at) => ({ type: "decide", at, keys: given, split, worthMinor }),
  ),
  fc.constantFrom(...disputeReminderHours).map(
    (hours): Step =>
      (_, at) => ({ type: "remind", at, hours }),
  ),
  worth.map(
    (worthMinor): Step =>
      (_, at) => ({ type: "lapse", at, worthMinor }),
  ),
  worth.map(
    (worthMinor): Step =>
      () => ({ type: "ease", worthMinor }),
  ),
);
const rarely: fc.Arbitrary<Step> = fc.oneof(
  party.map(
    (by): Step =>
      (_, at) => ({ type: "withdraw", party: by, at }),
  ),
  fc.record({ by: party, worthMinor: worth }).map(
    ({ by, worthMinor }): Step =>
      (_, at) => ({ type: "concede", party: by, at, worthMinor }),
  ),
  fc.constant<Step>((_, at) => opens("brand", { at, lastMoment: at })),
);
const walk = fc.array(
  fc.record({
    step: fc.oneof({ weight: 8, arbitrary: step }, { weight: 1, arbitrary: rarely }),
    waitMs: fc.constantFrom(0, 0, 0, HOUR, DAY, 4.5 * DAY, 6.5 * DAY, 7 * DAY, 29.5 * DAY),
  }),
  { maxLength: 24 },
);

/** A split is the whole amount, what it moves is within it, and what is given back within that. */
const outcomeHolds = ({ opener, outcome }: DisputeState): void => {
  if (!outcome) return;
  const { brandMinor, influencerMinor, adjustmentMinor, easedMinor } = outcome;
  expect(brandMinor + influencerMinor).toBe(AMOUNT);
  if (opener === "influencer") expect(adjustmentMinor).toBe(influencerMinor);
  else expect(adjustmentMinor <= 0 && -adjustmentMinor <= brandMinor).toBe(true);
  expect(easedMinor >= 0 && easedMinor <= Math.max(0, -adjustmentMinor)).toBe(true);
};

/** What must hold of every dispute: no state without a deadline but the end, and money held only of an open `less`. */
const stateHolds = (state: DisputeState): void => {
  expect(state.until === null).toBe(state.status === "resolved");
  expect(state.outcome === null).toBe(state.status !== "resolved");
  expect(heldMinorOf(state)).toBe(state.opener === "brand" && state.until !== null ? AMOUNT : 0);
  for (const it of state.proposals) expect(it.brandMinor + it.influencerMinor).toBe(AMOUNT);
  outcomeHolds(state);
};

/** What must hold of every step: one fact at most, deadlines ahead, nothing from a side too late, and an end is an end. */
const stepHolds = (before: DisputeState, command: DisputeCommand, at: number): DisputeState => {
  const { after, facts, decided } = live(before, command);
  expect(facts.length).toBeLessThanOrEqual(1);
  const isLate = before.until !== null && at >= before.until;
  if (isLate && command.type !== "lapse") expect(facts).toEqual([]);
  if (after.until !== null && facts.length > 0) expect(after.until).toBeGreaterThan(at);
  const settled = (it: DisputeState) => ({ ...it.outcome, easedMinor: 0 });
  if (before.status === "resolved") expect(settled(after)).toEqual(settled(before));
  if (decided.ok && command.type !== "remind") expect(live(after, command).facts).toEqual([]);
  stateHolds(after);
  return after;
};

/** How far a dispute has come before anything happens by chance: chance alone seldom gets beyond the first steps. */
const beginnings = (opener: Party): readonly DisputeState[] => {
  const start = [opens(opener), answers(other(opener))];
  return [
    given(opens(opener)),
    given(...start),
    given(...start, proposes(opener)),
    given(...start, proposes(other(opener)), answers(opener)),
    given(...start, escalates(opener)),
  ];
};

test("asked anything in any order at any time, a dispute goes only by its edges, and by each of them", () => {
  const seen = new Set<string>(["none open opened"]);
  const endings = new Set<string>();
  fc.assert(
    fc.property(party, fc.nat({ max: 4 }), walk, (opener, place, steps) => {
      let [state, at] = [beginnings(opener)[place]!, NOW];
      for (const { step, waitMs } of steps) {
        at += waitMs;
        const command = step(state, at);
        const after = stepHolds(state, command, at);
        if (after !== state || live(state, command).facts.length > 0)
          seen.add(`${state.status} ${command.type} ${after.status}`);
        if (after.outcome) endings.add(after.outcome.how);
        state = after;
      }
    }),
    { numRuns: 6000, seed: 20261122 },
  );
  if (few !== undefined) return;
  const edges = Object.entries(EDGES).flatMap(([from, all]) => all.map((it) => `${from} ${it}`));
  expect([...seen].sort()).toEqual(edges.sort());
  expect([...endings].sort()).toEqual(["accepted", "conceded", "decided", "silence", "withdrawn"]);
});
