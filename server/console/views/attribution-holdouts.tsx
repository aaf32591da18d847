import { useSignal } from "@preact/signals";
import { rateInterval } from "../../../shared/judge/lift.ts";
import { endHoldout, holdouts } from "../../../shared/wire/attribution.ts";
import { ask } from "../kit/ask.ts";
import { partly, signedPart } from "../kit/attribution.ts";
import { whole } from "../kit/figures.ts";
import { type Loading, useLoad } from "../kit/load.ts";
import { useSubmit } from "../kit/submit.ts";
import type { AttributionArm, Holdout } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Left } from "../parts/left.tsx";
import { Badge, Card, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Whiskers } from "../parts/whiskers.tsx";
import { StartHoldout } from "./attribution-holdout-start.tsx";

type List = { readonly holdouts: readonly Holdout[] };

const BASIS = 10_000;

const rateOf = ({ people, converted }: AttributionArm): number => (people === 0 ? 0 : converted / people);

const Arms = ({ it: { treated, held } }: { readonly it: Holdout }) => {
  const arms = [
    { key: "treated", label: "With credit", tone: "series-1", arm: treated },
    { key: "held", label: "Held out", tone: "house", arm: held },
  ] as const;
  const intervals = arms.map(({ arm }) => rateInterval(arm));
  const seen = arms.flatMap(({ arm }, place) => (arm.people > 0 ? [intervals[place]?.upper ?? 0] : []));
  return (
    <div class="picture">
      <h3>How many convert</h3>
      <Whiskers
        what="Part of the people who converted, with its 95 % interval"
        from={0}
        until={Math.max(0.005, ...seen)}
        write={partly}
        testid="arms"
        whiskers={arms.map(({ key, label, tone, arm }, place) => ({
          key,
          label,
          tone,
          value: rateOf(arm),
          lower: intervals[place]?.lower ?? 0,
          upper: intervals[place]?.upper ?? 1,
          written: (
            <>
              <strong>{arm.people === 0 ? "–" : partly(rateOf(arm))}</strong>{" "}
              <span class="quiet">
                {whole(arm.converted)} of {whole(arm.people)}
              </span>
            </>
          ),
        }))}
      />
    </div>
  );
};

/** What the interval says, in words. */
const meaning = ({ lowerBp, upperBp, estimateBp }: NonNullable<Holdout["lift"]>): string => {
  if (lowerBp > 0) return "More convert with it; that this is mere chance is unlikely.";
  if (upperBp !== null && upperBp < 0) return "Fewer convert with it; that this is mere chance is unlikely.";
  return estimateBp === 0 ? "No difference is to be seen." : "The interval includes zero, so it may be chance.";
};

const PAD = 0.08;

const LiftShown = ({ lift, over }: { readonly lift: NonNullable<Holdout["lift"]>; readonly over: boolean }) => {
  const { estimateBp, lowerBp, upperBp } = lift;
  const ends = [0, lowerBp, estimateBp, upperBp ?? Math.max(2 * estimateBp, BASIS)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const pad = (high - low) * PAD;
  const to = upperBp === null ? "no upper end" : signedPart(upperBp / BASIS);
  return (
    <div class="picture" data-testid="lift" data-estimate-bp={estimateBp}>
      <h3>Lift</h3>
      <p class="lift">
        <strong class="num">{signedPart(estimateBp / BASIS)}</strong>{" "}
        <span class="quiet">
          with 95 % confidence from {signedPart(lowerBp / BASIS)} to {to}
        </span>
      </p>
      <Whiskers
        what="Lift with its 95 % interval"
        from={(low - pad) / BASIS}
        until={(high + pad) / BASIS}
        mark={0}
        write={signedPart}
        whiskers={[
          {
            key: "lift",
            label: "",
            tone: "series-1",
            value: estimateBp / BASIS,
            lower: lowerBp / BASIS,
            upper: upperBp === null ? null : upperBp / BASIS,
            written: "",
          },
        ]}
      />
      <p>{meaning(lift)}</p>
      {!over && (
        <p class="hint">
          The interval holds for one look, at the end that was planned. Who looks every day and stops when it pleases is
          fooled more often.
        </p>
      )}
    </div>
  );
};

const TooEarly = ({ over }: { readonly over: boolean }) => (
  <div class="picture" data-testid="too-early">
    <h3>Lift</h3>
    <p class="quiet">
      {over ? "It ended before anything could be said." : "Too early to say."} It takes at least 30 people in each arm,
      and 5 conversions among those held out.
    </p>
  </div>
);

const contractsSaid = ({ contracts, leftOut }: Holdout): string => {
  const on = `on ${whole(contracts.length)} ${contracts.length === 1 ? "contract" : "contracts"}`;
  return leftOut > 0 ? `${on}; ${whole(leftOut)} ${leftOut === 1 ? "does" : "do"} not allow it` : on;
};

const End = ({ it, onDone }: { readonly it: Holdout; readonly onDone: (it: Holdout) => void }) => {
  const open = useSignal(false);
  const form = useSubmit(endHoldout, onDone);
  return (
    <>
      <Button small kind="danger" onPress={() => (open.value = true)} testid="end-holdout">
        End it…
      </Button>
      <Confirm
        open={open.value}
        title="End the experiment now?"
        label="End it"
        kind="danger"
        busy={form.busy.value}
        problem={form.problem.value}
        onConfirm={() => void form.submit({ params: { holdout: it.holdout }, body: {} })}
        onClose={() => (open.value = false)}
        testid="end"
      >
        <p>
          What it showed so far stays. From now on every click has its credit again; clicks held out before stay so.
        </p>
      </Confirm>
    </>
  );
};

const runs = { title: "Running", tone: "good", says: "New visitors are being drawn." } as const;
const isOver = { title: "Over", tone: "plain", says: "Nobody is held out any more." } as const;

/** One experiment: what runs, or ran, and what it shows. */
const One = ({ it, onDone }: { readonly it: Holdout; readonly onDone: (it: Holdout) => void }) => {
  const over = it.endedAt !== null;
  return (
    <article class="holdout" data-testid="holdout" data-holdout={it.holdout} data-over={over}>
      <header class="card-head">
        <h3>
          {partly(it.partBp / BASIS)} held out <Badge word={over ? isOver : runs} />
        </h3>
        {!over && <End it={it} onDone={onDone} />}
      </header>
      <p class="quiet">
        Since <When at={it.startedAt} />
        {it.endedAt !== null && (
          <>
            , until <When at={it.endedAt} />
          </>
        )}
        {!over && it.endsAt !== null && (
          <>
            , ends <Left until={it.endsAt} over="now" />
          </>
        )}{" "}
        · {contractsSaid(it)}
      </p>
      <div class="halves">
        <Arms it={it} />
        {it.lift ? <LiftShown lift={it.lift} over={over} /> : <TooEarly over={over} />}
      </div>
    </article>
  );
};

const replaced = (load: Loading<List>, it: Holdout): void => {
  const { value } = load.now;
  const before = value.state === "here" ? value.value.holdouts : [];
  load.put({ holdouts: [it, ...before.filter(({ holdout }) => holdout !== it.holdout)] });
};

/** The experiments of a campaign: the one that runs, or how to begin one, and those that are over. */
export const Holdouts = ({ campaign }: { readonly campaign: string }) => {
  const load = useLoad<List>(`holdouts ${campaign}`, () => ask(holdouts, { params: { campaign } }));
  return (
    <Card title="Holdout" testid="holdouts">
      <p class="quiet">
        Of the people who come by a tracked link a part, chosen by chance, goes without credit and without the poll.
        They have seen the post and followed the link like everybody else: what is measured is what the promotion adds
        on your pages, not what the post does.
      </p>
      <Shown of={load} lines={3}>
        {({ holdouts: all }) => {
          const [latest] = all;
          const running = latest && latest.endedAt === null ? latest : null;
          const past = all.filter((it) => it !== running);
          return (
            <>
              {running && <One it={running} onDone={(it) => replaced(load, it)} />}
              {!running && <StartHoldout campaign={campaign} onDone={(it) => replaced(load, it)} />}
              {past.length > 0 && (
                <details open={!running && past.length === 1}>
                  <summary>{past.length === 1 ? "One is over" : `${whole(past.length)} are over`}</summary>
                  <div class="past-holdouts">
                    {past.map((it) => (
                      <One key={it.holdout} it={it} onDone={(now) => replaced(load, now)} />
                    ))}
                  </div>
                </details>
              )}
            </>
          );
        }}
      </Shown>
    </Card>
  );
};
