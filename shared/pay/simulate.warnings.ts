import type { PayRuleOf, Terms } from "../contract/terms.ts";
import { major } from "../kit/money.ts";
import { present } from "../kit/shape.ts";
import { type Curve, type Mark, type Point, pricing } from "./simulate.curve.ts";
import type { Expectation } from "./simulate.wish.ts";

/** What a curve can warn of. */
export type Danger =
  | "pay-falls"
  | "cliff"
  | "cap-reached"
  | "flat-beyond"
  | "bonus-unreachable"
  | "remedy-takes-all"
  | "target-above-median"
  | "result-capped";

/** Something in the terms that may surprise: its place in them (a JSON pointer), the volume where it shows, and a sentence. */
export interface Warning {
  readonly code: Danger;
  readonly at: string;
  readonly result: string;
  readonly volume: number | null;
  readonly because: string;
}

const STEEP = 5;

type Warn = (curve: Curve, money: (amountMinor: number) => string) => readonly Warning[];

const markAt = ({ marks }: Curve, volume: number): Mark | undefined => marks.find((it) => it.volume === volume);
const payAt = ({ points }: Curve, volume: number): number =>
  points.find((it) => it.volume === volume)?.amountMinor ?? 0;

/** Each fall, and from which volume on more is paid than before it. */
const payFalls: Warn = (curve, money) =>
  curve.falls.map(({ volume, byMinor }) => {
    const before = payAt(curve, volume - 1);
    const again = curve.points.find((it) => it.volume > volume && it.amountMinor > before);
    const until = again ? `only from ${again.volume} on is it more again` : "within reach it never is as much again";
    return {
      code: "pay-falls",
      at: markAt(curve, volume)?.at ?? "/pay",
      result: curve.result,
      volume,
      because: `${curve.result} number ${volume} lowers the pay by ${money(byMinor)}: ${volume - 1} pay ${money(before)}, ${volume} pay ${money(before - byMinor)}; ${until}.`,
    };
  });

const rises = ({ points }: Curve): readonly (readonly [Point, Point])[] =>
  points.flatMap((point, index) => {
    const before = points[index - 1];
    return before && before.volume === point.volume - 1 ? [[before, point] as const] : [];
  });

/** What one more result moves pay by on average, whichever way. */
const usualMove = ({ points }: Curve): number => {
  const moved = points.reduce((sum, it, index) => {
    const before = points[index - 1];
    return before ? sum + Math.abs(it.amountMinor - before.amountMinor) : sum;
  }, 0);
  return moved / Math.max(1, points.at(-1)?.volume ?? 1);
};

const cliffs: Warn = (curve, money) => {
  const usual = usualMove(curve);
  return rises(curve)
    .filter(([before, after]) => after.amountMinor - before.amountMinor > STEEP * usual && before.volume > 0)
    .map(([before, after]) => ({
      code: "cliff",
      at: markAt(curve, after.volume)?.at ?? "/pay",
      result: curve.result,
      volume: after.volume,
      because: `One more ${curve.result} pays ${money(after.amountMinor - before.amountMinor)} at once when it is number ${after.volume}: ${before.volume} pay ${money(before.amountMinor)}, ${after.volume} pay ${money(after.amountMinor)}. A single disputed result is worth that much there.`,
    }));
};

const capReached: Warn = (curve, money) => {
  const cap = curve.marks.find(({ kind }) => kind === "cap");
  if (!cap) return [];
  return [
    {
      code: "cap-reached",
      at: cap.at,
      result: curve.result,
      volume: cap.volume,
      because: `From ${cap.volume} ${curve.result} on a cap cuts the pay ${curve.over === "flight" ? "of the whole contract" : "of the period"} (${money(payAt(curve, cap.volume))} there).`,
    },
  ];
};

/** From where to the end of the curve no result pays anything more, if pay rose before. */
const flatBeyond: Warn = (curve, money) => {
  const last = present(curve.points.at(-1), "the last point");
  let start = last;
  for (const point of [...curve.points].reverse()) {
    if (point.amountMinor !== last.amountMinor) break;
    start = point;
  }
  const rose = (curve.points[0]?.amountMinor ?? 0) < last.amountMinor;
  const cap = curve.marks.find(({ kind }) => kind === "cap");
  if (!rose || !cap || last.cutMinor === 0 || last.volume - start.volume < 2) return [];
  return [
    {
      code: "flat-beyond",
      at: cap.at,
      result: curve.result,
      volume: start.volume,
      because: `Beyond ${start.volume} ${curve.result} nothing more is paid: it stays ${money(last.amountMinor)} however many come.`,
    },
  ];
};

const silenced = (terms: Terms, index: number): Terms => ({
  ...terms,
  pay: terms.pay.map((rule, place) => {
    if (place !== index || rule.rule !== "bonus") return rule;
    return rule.rateBp === undefined ? { ...rule, amountMinor: 0 } : { ...rule, rateBp: 0 };
  }),
});

const isNothing = (rule: PayRuleOf<"bonus">): boolean => (rule.amountMinor ?? rule.rateBp ?? 0) === 0;

/** A bonus whose condition the curve meets but that changes no pay there: caps cut it away whole. */
const bonusUnreachable: Warn = (curve) =>
  curve.terms.pay.flatMap((rule, index): readonly Warning[] => {
    const from = curve.marks.find(({ kind, at }) => kind === "bonus" && at === `/pay/${index}`)?.volume;
    if (rule.rule !== "bonus" || from === undefined || isNothing(rule) || !curve.terms.caps) return [];
    const without = pricing(curve, silenced(curve.terms, index));
    const met = curve.points.filter(({ volume }) => volume >= from);
    if (met.length === 0 || met.some((it) => without(it.volume) !== it.amountMinor)) return [];
    return [
      {
        code: "bonus-unreachable",
        at: `/pay/${index}`,
        result: curve.result,
        volume: from,
        because: `This bonus is promised from ${from} ${curve.result} on, but the caps cut it away whole: it never pays anything.`,
      },
    ];
  });

const remedyTakesAll: Warn = (curve, money) => {
  const worst = curve.points.filter((it) => it.remedyMinor > 0 && it.amountMinor <= 0).at(-1);
  if (!worst) return [];
  const first = present(curve.points[0], "the first point");
  const owed = first.amountMinor < 0 ? ` With none at all ${money(-first.amountMinor)} would be owed.` : "";
  return [
    {
      code: "remedy-takes-all",
      at: "/guarantee/remedy",
      result: curve.result,
      volume: worst.volume,
      because: `With ${worst.volume} ${curve.result} or fewer the remedy takes all the pay: ${money(worst.remedyMinor)} of ${money(worst.amountMinor + worst.remedyMinor)}.${owed}`,
    },
  ];
};

const overPeriod = [payFalls, cliffs, capReached, flatBeyond, bonusUnreachable, remedyTakesAll];
const overFlight = [capReached, flatBeyond];

/** Everything a curve warns of, read off the curve itself. */
export const warningsOf = (curve: Curve): readonly Warning[] => {
  const money = (amountMinor: number): string => `${major(amountMinor, curve.terms.currency)} ${curve.terms.currency}`;
  return (curve.over === "period" ? overPeriod : overFlight).flatMap((warn) => warn(curve, money));
};

/** A target that half of all simulated periods stay below, if there is one. `medianMicro` is what they reach, in millionths. */
export const targetWarning = ({ guarantee: it }: Terms, medianMicro: number): readonly Warning[] =>
  it && it.target * 1_000_000 > medianMicro
    ? [
        {
          code: "target-above-median",
          at: "/guarantee/target",
          result: it.result,
          volume: it.target,
          because: `The target of ${it.target} ${it.result} is above what is expected: half of the time it is ${Math.round(medianMicro / 10_000) / 100} or fewer.`,
        },
      ]
    : [];

/** Results whose expected value already earns more than the cap of one result lets through. */
export const resultCapWarnings = (terms: Terms, per: readonly Expectation[]): readonly Warning[] =>
  terms.pay.flatMap((rule, index): readonly Warning[] => {
    const cap = terms.caps?.perResultMinor;
    if (rule.rule !== "share" || cap === undefined) return [];
    const valueMinor = per.find(({ result }) => result === rule.result)?.valueMinor ?? 0;
    if (BigInt(valueMinor) * BigInt(rule.rateBp) <= BigInt(cap) * 10_000n) return [];
    return [
      {
        code: "result-capped",
        at: "/caps/perResultMinor",
        result: rule.result,
        volume: null,
        because: `A usual ${rule.result} is worth so much that pay ${index + 1} reaches the cap of one result: most of them pay the cap, not their share.`,
      },
    ];
  });
