import { partly, type Who } from "../kit/attribution.ts";
import { whole } from "../kit/figures.ts";
import type { AttributionPage } from "../kit/wire.ts";
import { useCut } from "../parts/cut.tsx";
import { Card } from "../parts/small.tsx";
import { Whiskers } from "../parts/whiskers.tsx";

const NANO = 1e9;
const MOST = 15;
const orders = ["", "each step alone", "pairs of steps", "triples of steps"];

/** "1 of 48 journeys": a rate as people say it. */
const oneOf = (micro: number): string => `1 of ${whole(Math.max(1, Math.round(1_000_000 / micro)))}`;

const Base = ({ page: { removal } }: { readonly page: AttributionPage }) => (
  <p>
    Without one of them, so many of the conversions would not have happened, if everybody who came by them had left
    there and then.
    {removal.baseMicro > 0 && (
      <>
        {" "}
        As it is, {partly(removal.baseMicro / 1_000_000)} of the journeys convert, about {oneOf(removal.baseMicro)}.
      </>
    )}
  </p>
);

/** Which part of all conversions would be lost without each of them, and how sure that is. */
export const Removal = ({ page, who }: { readonly page: AttributionPage; readonly who: Who }) => {
  const { effects, order, replicates } = page.removal;
  const sorted = [...effects].sort((a, b) => b.effectNano - a.effectNano);
  const { shown, more } = useCut(sorted, MOST, "all-effects");
  const until = Math.max(0.01, ...effects.map(({ upperNano }) => upperNano / NANO));
  return (
    <Card
      title="What would be lost without them"
      aside={
        <span class="quiet">
          Markov, order {order}: {orders[order]}
        </span>
      }
      testid="removal"
    >
      <Base page={page} />
      {effects.length === 0 && <p class="quiet">There are too few journeys in these days to say.</p>}
      {effects.length > 0 && (
        <Whiskers
          what="Part of conversions lost without each, with its 95 % interval"
          from={0}
          until={until}
          write={partly}
          testid="removal-effects"
          whiskers={shown.map(({ payee, name, effectNano, lowerNano, upperNano }) => {
            const { label, tone } = who(payee);
            const [value, lower, upper] = [effectNano / NANO, lowerNano / NANO, upperNano / NANO];
            return {
              key: payee,
              label: label === payee ? name : label,
              tone,
              value,
              lower,
              upper,
              written: (
                <>
                  <strong>{partly(value)}</strong>{" "}
                  <span class="quiet">
                    {partly(lower)} – {partly(upper)}
                  </span>
                </>
              ),
            };
          })}
        />
      )}
      {more}
      <p class="hint">
        Lines are 95 % intervals{replicates > 0 && `, from ${whole(replicates)} redrawn samples of the journeys`}. This
        describes the journeys there were; it does not prove what somebody caused. People who meet everybody convert
        more often for reasons of their own. Only an experiment can tell, such as the holdout below.
      </p>
    </Card>
  );
};
