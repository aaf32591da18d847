import type { AttributionTerms } from "../../../shared/judge/attribution.ts";
import { partly } from "../kit/attribution.ts";
import { day } from "../kit/figures.ts";
import type { ConversionPage, VerdictPart } from "../kit/wire.ts";
import { When } from "../parts/small.tsx";
import { type Whisker, Whiskers } from "../parts/whiskers.tsx";

const NANO = 1e9;

type Context = NonNullable<VerdictPart["context"]>;

interface ContextProps {
  readonly attribution: AttributionTerms;
  readonly context: Context;
  readonly result: ConversionPage["result"];
  readonly payeeOf: (payee: string) => { readonly label: string; readonly tone: string };
}

const Milestones = ({ attribution: { milestones = [] }, context }: Pick<ContextProps, "attribution" | "context">) => (
  <ul class="plain-list" data-testid="milestones">
    {milestones.map((name, place) => {
      const at = context.milestones?.[place] ?? null;
      return (
        <li key={name}>
          Milestone <strong>{name}</strong>: {at === null ? "not reached in the window" : <When at={at} />}
        </li>
      );
    })}
  </ul>
);

/** What a payee weighs at each place of a journey, where that differs. */
const placesOf = (places: readonly number[] | undefined): string =>
  places && places.length > 1 ? ` · by place ${places.map((it) => partly(it / NANO)).join(", ")}` : "";

const Effects = ({ attribution: { learned }, context, payeeOf }: Omit<ContextProps, "result">) => {
  const effects = context.effects ?? [];
  const whiskers = [...effects]
    .sort((a, b) => b.effectNano - a.effectNano)
    .map(
      ({ payee, effectNano, lowerNano, upperNano, placesNano }): Whisker => ({
        key: payee,
        ...payeeOf(payee),
        value: effectNano / NANO,
        lower: lowerNano / NANO,
        upper: upperNano / NANO,
        written: (
          <>
            <strong>{partly(effectNano / NANO)}</strong> <span class="quiet">{placesOf(placesNano)}</span>
          </>
        ),
      }),
    );
  if (whiskers.length === 0) return null;
  return (
    <div class="picture" data-testid="frozen-weights">
      <h3>Frozen weights</h3>
      {learned && (
        <p class="quiet">
          Fitted on {day(learned.from)} – {day(learned.until)} and named in the terms by{" "}
          <code title={learned.fit}>{learned.fit.slice(0, 12)}…</code>
        </p>
      )}
      <Whiskers
        what="What everybody on the journey weighs, with its 95 % interval"
        from={0}
        until={Math.max(0.001, ...effects.map(({ upperNano }) => upperNano / NANO))}
        write={partly}
        whiskers={whiskers}
      />
    </div>
  );
};

/** What the shares rest on besides the touches: an earlier result, milestones, frozen weights. */
export const ContextShown = ({ attribution, context, result, payeeOf }: ContextProps) => (
  <>
    {context.since !== undefined && (
      <p data-testid="starts-anew">
        The journey starts anew after the {result} before, <When at={context.since} />.
      </p>
    )}
    {context.milestones && <Milestones attribution={attribution} context={context} />}
    <Effects attribution={attribution} context={context} payeeOf={payeeOf} />
  </>
);
