import { useSignal } from "@preact/signals";
import { type Plan, sampleSize, smallestLift, weeksNeeded } from "../../../shared/judge/lift.ts";
import { DAY_MS } from "../../../shared/kit/time.ts";
import { partly, signedPart } from "../kit/attribution.ts";
import { locale, whole } from "../kit/figures.ts";
import type { AttributionPage } from "../kit/wire.ts";
import { Choice } from "../parts/field.tsx";
import { NeedCurve } from "../parts/need-curve.tsx";
import { NumberBox } from "../parts/number-box.tsx";
import { Slide } from "../parts/slide.tsx";
import { Card } from "../parts/small.tsx";
import { scaled } from "../terms/amount.ts";

const USUAL_BASE_PPM = 20_000;
const USUAL_PEOPLE = 1_000;
const BASIS = 10_000;
const PERCENT_PPM = 10_000;
const MOST_LIFT_BP = 10_000;
const PATIENCE_WEEKS = [2, 4, 8, 12] as const;
const WEEK_DAYS = 7;

const daysOf = ({ from, until }: AttributionPage): number =>
  Math.max(1, Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS) + 1);

/** A rate to three digits: more is noise in a plan. */
const rounded = (ppm: number): number => Math.round(Number(ppm.toPrecision(3)));

/** What the campaign's own journeys say: how often they convert, and how many there are in a week. */
const seenIn = (page: AttributionPage | null) => {
  if (!page || page.journeys === 0) return { basePpm: USUAL_BASE_PPM, people: USUAL_PEOPLE, isKnown: false };
  const looked = page.lookedAtMicro / 1_000_000 || 1;
  const people = Math.max(1, Math.round((page.journeys / looked / daysOf(page)) * WEEK_DAYS));
  const basePpm = rounded((page.conversions / page.journeys) * 1_000_000);
  const isKnown = basePpm > 0 && basePpm < 1_000_000;
  return { basePpm: isKnown ? basePpm : USUAL_BASE_PPM, people, isKnown };
};

const usePlan = (page: AttributionPage | null) => {
  const seen = seenIn(page);
  const basePpm = useSignal<number | null>(null);
  const liftBp = useSignal(1_000);
  const heldBp = useSignal(1_000);
  const power = useSignal<Plan["power"]>(0.8);
  const people = useSignal<number | null>(null);
  const plan: Plan = {
    basePpm: basePpm.value ?? seen.basePpm,
    liftBp: liftBp.value,
    power: power.value,
    significance: 0.05,
    heldBp: heldBp.value,
  };
  const aWeek = people.value ?? seen.people;
  return { plan, basePpm, liftBp, heldBp, power, people, aWeek, isKnown: seen.isKnown };
};

type Planned = ReturnType<typeof usePlan>;

const percentOf = (ppm: number): string =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: 4, useGrouping: false }).format(ppm / PERCENT_PPM);

const ppmIn = (text: string): number | null => {
  const ppm = scaled(text, 4, locale());
  return ppm !== null && ppm > 0 && ppm < 1_000_000 ? ppm : null;
};

/** Does a number still follow the campaign's own journeys? */
const isOwn = (said: number | null, { isKnown }: Planned): boolean => said === null && isKnown;

const Inputs = ({ of }: { readonly of: Planned }) => (
  <div class="plan-inputs">
    <NumberBox
      label="Base rate, percent"
      value={percentOf(of.plan.basePpm)}
      read={(text) => {
        const ppm = ppmIn(text);
        return ppm === null ? null : percentOf(ppm);
      }}
      fault="Write a percentage above 0 and below 100."
      onRead={(text) => (of.basePpm.value = ppmIn(text))}
      hint={isOwn(of.basePpm.value, of) ? "As these journeys convert now." : "How many of a hundred people convert."}
      testid="plan-base"
    />
    <NumberBox
      label="People a week"
      value={String(of.aWeek)}
      read={(text) => (/^\d{1,9}$/.test(text.trim()) && Number(text) > 0 ? String(Number(text)) : null)}
      fault="Write a whole number above zero."
      onRead={(text) => (of.people.value = Number(text))}
      hint={isOwn(of.people.value, of) ? "As many as came in these days." : "Who come by tracked links."}
      testid="plan-people"
    />
    <Slide
      label="Lift to find"
      value={of.liftBp.value}
      least={100}
      most={MOST_LIFT_BP}
      step={100}
      write={(bp) => signedPart(bp / BASIS)}
      onSlide={(bp) => (of.liftBp.value = bp)}
      testid="plan-lift"
    />
    <Slide
      label="Part held out"
      value={of.heldBp.value}
      least={100}
      most={5_000}
      step={100}
      write={(bp) => partly(bp / BASIS)}
      onSlide={(bp) => (of.heldBp.value = bp)}
      testid="plan-held"
    />
    <Choice
      label="Chance to find it"
      value={String(of.power.value)}
      options={[
        { value: "0.8", label: `${partly(0.8)}: the usual` },
        { value: "0.9", label: `${partly(0.9)}: surer` },
      ]}
      onPick={(it) => (of.power.value = it === "0.9" ? 0.9 : 0.8)}
      testid="plan-power"
    />
  </div>
);

const weeksSaid = (weeks: number): string => `${whole(weeks)} ${weeks === 1 ? "week" : "weeks"}`;

const Answer = ({ of: { plan, aWeek } }: { readonly of: Planned }) => {
  const sizes = sampleSize(plan);
  const weeks = weeksNeeded(plan, aWeek);
  if (!sizes || weeks === null)
    return (
      <p class="readout" data-testid="plan-answer">
        No number of people would do: with such a lift more than everybody would convert.
      </p>
    );
  return (
    <>
      <dl class="figures plan-figures">
        <div class="figure">
          <dt>With credit</dt>
          <dd>
            <span class="num" data-testid="plan-treated" data-value={sizes.treated}>
              {whole(sizes.treated)}
            </span>
          </dd>
        </div>
        <div class="figure">
          <dt>Held out</dt>
          <dd>
            <span class="num" data-testid="plan-held-people" data-value={sizes.held}>
              {whole(sizes.held)}
            </span>
          </dd>
        </div>
        <div class="figure">
          <dt>It takes</dt>
          <dd>
            <span class="num" data-testid="plan-weeks" data-value={weeks}>
              {weeksSaid(weeks)}
            </span>
          </dd>
        </div>
      </dl>
      <p class="readout" data-testid="plan-answer">
        If {partly(plan.basePpm / 1_000_000)} convert without it, {whole(sizes.treated + sizes.held)} people are needed
        to find that {signedPart(plan.liftBp / BASIS)} more do with it: {weeksSaid(weeks)} at {whole(aWeek)} a week.
        {weeks > 52 && " That is longer than a year: hold out more, or be content with a larger lift."}
      </p>
    </>
  );
};

const Patience = ({ of: { plan, aWeek } }: { readonly of: Planned }) => (
  <table class="table lines patience" aria-label="Conversions by how long they took">
    <caption class="table-title">The smallest lift that can be found</caption>
    <tbody>
      {PATIENCE_WEEKS.map((weeks) => {
        const lift = smallestLift(plan, weeks * aWeek);
        return (
          <tr key={weeks}>
            <th scope="row">in {weeksSaid(weeks)}</th>
            <td class="num" data-testid={`plan-smallest-${weeks}`} data-bp={lift ?? ""}>
              {lift === null ? "none at all" : signedPart(lift / BASIS)}
            </td>
          </tr>
        );
      })}
    </tbody>
  </table>
);

/** How large an experiment must be, starting from the journeys looked at: computed here, as anything is moved. */
export const Planner = ({ page }: { readonly page: AttributionPage | null }) => {
  const of = usePlan(page);
  return (
    <Card title="Plan an experiment" testid="planner">
      <p class="quiet">
        Credit says who was there, not what they caused. A holdout tells: a part of the people, chosen by chance, goes
        without, and the two groups are compared.
      </p>
      <Inputs of={of} />
      <div class="halves">
        <div class="picture">
          <h3>People needed, over the lift to find</h3>
          <NeedCurve plan={of.plan} mostBp={MOST_LIFT_BP} />
        </div>
        <div class="picture">
          <Answer of={of} />
          <Patience of={of} />
        </div>
      </div>
      <p class="hint">
        A lift is a part of the base rate: {signedPart(0.1)} of {partly(0.02)} is {partly(0.022)}. A test two-sided at{" "}
        {partly(0.05)}; looking every day and stopping when it pleases finds what is not there.
      </p>
    </Card>
  );
};
