import type { PeriodStatement } from "../app/shelves.ts";
import { daysUntil, resultName, results, when } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { now } from "./clock.ts";

type Standing = NonNullable<PeriodStatement["guarantee"]>;

interface Props {
  readonly guarantee: Standing;
  readonly ends: string;
  readonly timeZone: string | undefined;
}

const words = {
  open: "guaranteeOpen",
  met: "guaranteeMet",
  missed: "guaranteeMissed",
  pending: "guaranteePending",
} as const;

const ending = (ends: string, timeZone: string | undefined): string =>
  timeZone ? ` · ${tell("periodEnds", daysUntil(ends, timeZone, now.value))}` : "";

/** What was missing when the period was over, and how much of it has come since: only while more may still come. */
const madeGood = ({ state, filledMicro = 0, shortfallMicro, until }: Standing): string => {
  if (state !== "pending" || until === undefined) return "";
  return tell("madeGood", results(filledMicro), results(filledMicro + shortfallMicro), when(until));
};

/** How far the guarantee is: a bar, and the same in words. */
export const Guarantee = ({ guarantee, ends, timeZone }: Props) => {
  const { result, target, volumeMicro, shortfallMicro, state, filledMicro = 0 } = guarantee;
  const goal = target * 1_000_000;
  const said = tell("guaranteeSays", results(volumeMicro), results(goal), resultName(result, goal));
  const coming = madeGood(guarantee);
  return (
    <div class={`guarantee ${state}`} data-testid="guarantee" data-state={state}>
      <div class="row spread">
        <span class="part-title">{tell("guarantee")}</span>
        <span class={`chip ${state}`}>{tell(words[state])}</span>
      </div>
      <progress max={goal} value={Math.min(goal, volumeMicro)} aria-label={said} />
      <p class="fine">
        {said}
        {state !== "pending" && ending(ends, timeZone)}
        {state !== "pending" && shortfallMicro > 0 && ` · ${tell("shortfall", results(shortfallMicro))}`}
      </p>
      {coming !== "" && (
        <>
          <progress max={filledMicro + shortfallMicro} value={filledMicro} aria-label={coming} />
          <p class="fine" data-testid="made-good">
            {coming}
          </p>
        </>
      )}
    </div>
  );
};
