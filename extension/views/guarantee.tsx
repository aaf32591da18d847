import type { PeriodStatement } from "../app/shelves.ts";
import { daysUntil, resultName, results } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { now } from "./clock.ts";

type Standing = NonNullable<PeriodStatement["guarantee"]>;

interface Props {
  readonly guarantee: Standing;
  readonly ends: string;
  readonly timeZone: string | undefined;
}

const words = { open: "guaranteeOpen", met: "guaranteeMet", missed: "guaranteeMissed" } as const;

const ending = (ends: string, timeZone: string | undefined): string =>
  timeZone ? ` · ${tell("periodEnds", daysUntil(ends, timeZone, now.value))}` : "";

/** How far the guarantee is: a bar, and the same in words. */
export const Guarantee = ({ guarantee, ends, timeZone }: Props) => {
  const { result, target, volumeMicro, shortfallMicro, state } = guarantee;
  const goal = target * 1_000_000;
  const said = tell("guaranteeSays", results(volumeMicro), results(goal), resultName(result, goal));
  return (
    <div class={`guarantee ${state}`} data-testid="guarantee">
      <div class="row spread">
        <span class="part-title">{tell("guarantee")}</span>
        <span class={`chip ${state}`}>{tell(words[state])}</span>
      </div>
      <progress max={goal} value={Math.min(goal, volumeMicro)} aria-label={said} />
      <p class="fine">
        {said}
        {ending(ends, timeZone)}
        {shortfallMicro > 0 && ` · ${tell("shortfall", results(shortfallMicro))}`}
      </p>
    </div>
  );
};
