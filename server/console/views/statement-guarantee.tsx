import type { Terms } from "../../../shared/contract/terms.ts";
import { moment, results } from "../kit/figures.ts";
import type { PeriodStatement } from "../kit/wire.ts";
import { Left } from "../parts/left.tsx";
import { Meter } from "../parts/meter.tsx";
import { Badge } from "../parts/small.tsx";

type Standing = NonNullable<PeriodStatement["guarantee"]>;

const words = {
  open: { title: "Under way", tone: "info", says: "Not reached yet; the period is still open." },
  met: { title: "Met", tone: "good", says: "The guaranteed results were delivered." },
  missed: { title: "Missed", tone: "bad", says: "The period closed short of the guarantee." },
  pending: { title: "Being made good", tone: "warn", says: "Results of these days fill what is missing." },
} as const;
const madeGood = { title: "Made good", tone: "good", says: "What was missing came afterwards." } as const;
const tones = { open: "series-1", met: "good", missed: "bad", pending: "warn" } as const;

interface GuaranteeProps {
  readonly it: Standing;
  readonly terms: Terms;
}

/** Results that came afterwards and filled what was missing, unpaid. */
const Filled = ({ it }: { readonly it: Standing }) => {
  const { filledMicro = 0, shortfallMicro, state, until, result } = it;
  const wanted = filledMicro + shortfallMicro;
  if (state !== "pending" && filledMicro === 0) return null;
  return (
    <Meter
      what={`${results(filledMicro)} of ${results(wanted)} made good`}
      have={filledMicro / 1_000_000}
      want={wanted / 1_000_000}
      tone={state === "missed" ? "bad" : "good"}
    >
      <p data-testid="made-good" data-filled={filledMicro}>
        <span class="num strong">{results(filledMicro)}</span> of the <span class="num">{results(wanted)}</span> missing{" "}
        {result} made good afterwards, unpaid.
        {state === "pending" && until !== undefined && (
          <>
            {" "}
            It may go on until {moment(until)} (<Left until={until} over="over" />
            ); until then nothing is taken off.
          </>
        )}
      </p>
    </Meter>
  );
};

/** What was guaranteed for a period and how it stands: reached, missed, or being made good. */
export const Guarantee = ({ it, terms }: GuaranteeProps) => {
  const enough = (it.target * (10_000 - (terms.guarantee?.toleranceBp ?? 0))) / 10_000;
  const filled = it.filledMicro ?? 0;
  const carried = it.target - (terms.guarantee?.target ?? it.target);
  return (
    <div class="guarantee" data-testid="guarantee" data-state={it.state}>
      <h3>
        Guarantee <Badge word={it.state === "met" && filled > 0 ? madeGood : words[it.state]} />
      </h3>
      <Meter
        what={`${results(it.volumeMicro)} of ${it.target} ${it.result}`}
        have={it.volumeMicro / 1_000_000}
        want={it.target}
        enough={enough}
        tone={tones[it.state]}
      >
        <p>
          <span class="num strong">{results(it.volumeMicro)}</span> of <span class="num">{it.target}</span> {it.result}
          {carried > 0 && <span class="quiet"> · {carried} of them carried over</span>}
          {it.shortfallMicro > 0 && <span class="quiet"> · {results(it.shortfallMicro)} missing</span>}
        </p>
      </Meter>
      <Filled it={it} />
    </div>
  );
};
