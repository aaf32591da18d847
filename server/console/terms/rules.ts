import type { ComponentType } from "preact";
import type { Json } from "../../../shared/kit/canonical.ts";
import type { Path } from "./pointer.ts";
import { Bonus } from "./rule-bonus.tsx";
import { Fixed } from "./rule-fixed.tsx";
import { PerResult } from "./rule-per-result.tsx";
import { Share } from "./rule-share.tsx";
import { Tiered } from "./rule-tiered.tsx";

/** How one kind of pay rule is written in the form. */
interface RuleEditor {
  readonly title: string;
  readonly says: string;
  /** A rule to begin with, for this result. */
  blank(result: string): Json;
  readonly Body: ComponentType<{ readonly path: Path }>;
}

/** The pay rules the form can write, by name. Another rule in the JSON is left to the JSON. */
export const ruleEditors: Readonly<Record<string, RuleEditor>> = {
  perResult: {
    title: "Per result",
    says: "An amount for each result that counts.",
    blank: (result) => ({ rule: "perResult", result, amountMinor: 1000 }),
    Body: PerResult,
  },
  fixed: {
    title: "Fixed",
    says: "An amount for each period, or once, if the period has enough results.",
    blank: () => ({ rule: "fixed", amountMinor: 50000, per: "period" }),
    Body: Fixed,
  },
  share: {
    title: "Share of value",
    says: "A percentage of the value of each result that counts.",
    blank: (result) => ({ rule: "share", result, rateBp: 500 }),
    Body: Share,
  },
  tiered: {
    title: "Tiers",
    says: "A price that changes with the period's volume, step by step.",
    blank: (result) => ({
      rule: "tiered",
      result,
      measure: "count",
      mode: "marginal",
      steps: [
        { from: 0, amountMinor: 1000 },
        { from: 50, amountMinor: 1200 },
      ],
    }),
    Body: Tiered,
  },
  bonus: {
    title: "Bonus",
    says: "On top of everything else, once for each period that reaches something.",
    blank: (result) => ({ rule: "bonus", when: { result, atLeast: 100 }, amountMinor: 10000 }),
    Body: Bonus,
  },
};
