import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { Json } from "../../../shared/kit/canonical.ts";
import type { Curve } from "../../../shared/pay/simulate.curve.ts";
import type { Simulation as Made, Quantiles } from "../../../shared/pay/simulate.ts";
import type { Warning } from "../../../shared/pay/simulate.warnings.ts";
import type { Expectation } from "../../../shared/pay/simulate.wish.ts";
import { day, money, percent } from "../kit/figures.ts";
import { type Picture, usePicture } from "../kit/simulate.ts";
import { CurveChart } from "../parts/curve.tsx";
import { Dots } from "../parts/dots.tsx";
import { Fan } from "../parts/fan.tsx";
import { Histogram } from "../parts/histogram.tsx";
import { Card } from "../parts/small.tsx";
import { look } from "./pointer.ts";
import { Inputs, Seed } from "./simulation-inputs.tsx";

const spans: Readonly<Record<string, string>> = { week: "week", month: "month", flight: "contract" };

const titleOf = ({ result, over, terms }: Curve): string =>
  over === "flight" ? `${result}, whole contract` : `${result} in a ${spans[terms.period] ?? terms.period}`;

const keyOf = ({ result, over }: Curve): string => `${result} ${over}`;

const expectedOn = (curve: Curve, made: Made, per: readonly Expectation[]): number => {
  const mean = (per.find(({ result }) => result === curve.result)?.meanMicro ?? 0) / 1_000_000;
  return Math.round(curve.over === "flight" ? mean * made.periods.length : mean);
};

interface ShownProps {
  readonly made: Made;
  readonly per: readonly Expectation[];
}

/** The curves, one at a time. */
const Curves = ({ made, per }: ShownProps) => {
  const picked = useSignal("");
  const curve = made.curves.find((it) => keyOf(it) === picked.value) ?? made.curves[0];
  if (!curve) return null;
  return (
    <section>
      <h3>Pay by number of results</h3>
      {made.curves.length > 1 && (
        <fieldset class="tabs" aria-label="Which curve">
          {made.curves.map((it) => (
            <button
              key={keyOf(it)}
              type="button"
              class="tab"
              aria-pressed={it === curve}
              data-testid={`curve-${it.result}-${it.over}`}
              onClick={() => (picked.value = keyOf(it))}
            >
              {titleOf(it)}
            </button>
          ))}
        </fieldset>
      )}
      <CurveChart key={keyOf(curve)} curve={curve} expected={expectedOn(curve, made, per)} testid="curve" />
    </section>
  );
};

const Guarantee = ({ made }: { readonly made: Made }) => {
  const { guarantee, periods, currency } = made;
  if (!guarantee) return null;
  const judged = periods.filter(({ missedMicro }) => missedMicro !== null);
  return (
    <section data-testid="missing" data-missed={guarantee.missedMicro}>
      <h3>The guarantee</h3>
      <p>
        {guarantee.target} {guarantee.result} are not reached in <strong>{percent(guarantee.missedMicro)}</strong> of
        the simulated contracts{judged.length > 1 ? ", in at least one period" : ""}.
        {guarantee.remedyMinor.mean > 0 && (
          <> The remedy costs {money(guarantee.remedyMinor.mean, currency)} on average.</>
        )}
      </p>
      <Dots micro={guarantee.missedMicro} what="Missed, of twenty" />
      {judged.length > 1 && judged.length <= 12 && (
        <ul class="quiet each-period">
          {judged.map(({ starts, missedMicro }) => (
            <li key={starts}>
              from {day(starts)} <span class="num">{percent(missedMicro ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};

interface FigureProps {
  readonly title: string;
  readonly it: Quantiles;
  readonly currency: string;
  readonly testid: string;
}

const Figure = ({ title, it, currency, testid }: FigureProps) => (
  <div class="figure" data-testid={testid} data-p10={it.p10} data-p50={it.p50} data-p90={it.p90}>
    <p class="label">{title}</p>
    <p class="big num">{money(it.p50, currency)}</p>
    <p class="quiet">
      {money(it.p10, currency)} – {money(it.p90, currency)}
    </p>
  </div>
);

const Figures = ({ made }: { readonly made: Made }) => (
  <div class="figures">
    <Figure title="Pay over the whole contract" it={made.payMinor} currency={made.currency} testid="likely-pay" />
    {made.perResultMinor && (
      <Figure
        title={`What one ${made.result} costs the brand`}
        it={made.perResultMinor}
        currency={made.currency}
        testid="likely-cost"
      />
    )}
  </div>
);

const Beware = ({
  warnings,
  Place,
}: {
  readonly warnings: readonly Warning[];
  readonly Place: SimulationProps["Place"];
}) => {
  if (warnings.length === 0) return null;
  return (
    <section>
      <h3>Beware</h3>
      <ul class="remarks" data-testid="dangers">
        {warnings.map(({ code, at, volume, because }) => (
          <li key={`${code} ${at} ${volume}`} class="warning" data-code={code} data-volume={volume ?? undefined}>
            {Place && <Place at={at} />} {because}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Shown = ({ made, per }: ShownProps) => (
  <>
    <Curves made={made} per={per} />
    <Guarantee made={made} />
    <section>
      <h3>Earned over time</h3>
      <Fan periods={made.periods} currency={made.currency} />
      <p class="quiet">Half of the time less than the line; eight times of ten within the band.</p>
    </section>
    <section>
      <h3>What it comes to</h3>
      <Figures made={made} />
      <Histogram bins={made.bins} currency={made.currency} />
    </section>
  </>
);

interface SimulationProps {
  readonly draft: Json;
  /** Hears what each new picture warns of. */
  readonly onWarnings?: (warnings: readonly Warning[]) => void;
  /** Names a place of the draft and leads to it, where there is a form of it. */
  readonly Place?: ComponentType<{ readonly at: string }>;
}

const notes: Readonly<Record<Picture["state"], string>> = {
  waiting: "Drawing…",
  working: "Drawing…",
  shown: "",
  refused: "The picture is drawn as soon as the terms hold.",
};

/** How terms may turn out, in pictures, made in this browser from the terms and what is expected. */
export const Simulation = ({ draft, onWarnings, Place }: SimulationProps) => {
  const { picture, expected, expect } = usePicture(draft);
  const { made, per, state } = picture.value;
  useEffect(() => {
    if (made) onWarnings?.(made.warnings);
  }, [made]);
  const period = spans[String(look(draft, ["period"]) ?? "")] ?? "period";
  return (
    <Card
      title="How it may turn out"
      class={`simulation ${state}`}
      testid="simulation"
      aside={
        <span class="quiet" role="status" data-testid="simulation-state" data-state={state}>
          {notes[state]}
        </span>
      }
    >
      {made && <Shown made={made} per={per} />}
      {made && (
        <Inputs per={per} currency={made.currency} period={period} expected={expected.value} onExpect={expect} />
      )}
      {made && <Seed expected={expected.value} onExpect={expect} runs={made.runs} />}
      {made && <Beware warnings={made.warnings} Place={Place} />}
    </Card>
  );
};
