import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fitText } from "../../../shared/judge/fit.ts";
import { models } from "../../../shared/judge/models.ts";
import { fits } from "../../../shared/wire/attribution.ts";
import { contracts } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { partly, whoOf } from "../kit/attribution.ts";
import { firstDayOf } from "../kit/contract.ts";
import { day, whole } from "../kit/figures.ts";
import { useTextCheck } from "../kit/hash.ts";
import { useLoad } from "../kit/load.ts";
import type { AttributionPage, FitPage } from "../kit/wire.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Copy } from "../parts/copy.tsx";
import { useCut } from "../parts/cut.tsx";
import { Card, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Whiskers } from "../parts/whiskers.tsx";
import { FitForm } from "./attribution-fit-form.tsx";

const NANO = 1e9;
const MOST = 12;
const HASH_SHOWN = 12;

const titleOf = ({ model, order, ordered }: FitPage["fit"]): string => {
  if (model === "markov") return `${models.markov.title}, order ${order ?? 1}`;
  return ordered ? `${models.shapley.title}, by place` : models.shapley.title;
};

const mannerOf = ({ windowDays, house, after, viewDays }: FitPage["fit"]): string =>
  [
    `window ${windowDays} days`,
    `your own traffic ${house}`,
    ...(after === "restart" ? ["journeys start anew after a result"] : []),
    ...(viewDays === undefined ? [] : [`views count for ${viewDays} days`]),
  ].join(", ");

const checks = {
  unknown: "",
  same: "✓ computed again in this browser",
  other: "✗ these weights have another hash",
} as const;

/** The weights themselves. Inside a fit payees go by names of its own; beside it stands whom they mean. */
const Rows = ({ it: { fit, hash, names } }: { readonly it: FitPage }) => {
  const check = useTextCheck(fitText(fit), hash);
  const sorted = [...fit.rows].sort((a, b) => b.effectNano - a.effectNano);
  const who = whoOf(sorted.map(({ payee }) => ({ payee, name: names[payee] ?? payee })));
  const { shown, more } = useCut(sorted, MOST, "all-weights");
  return (
    <>
      <Whiskers
        what="What everybody weighs, with its 95 % interval"
        from={0}
        until={Math.max(0.01, ...fit.rows.map(({ upperNano }) => upperNano / NANO))}
        write={partly}
        testid="fit-weights"
        whiskers={shown.map(({ payee, effectNano, lowerNano, upperNano }) => ({
          key: payee,
          label: who(payee).label,
          tone: who(payee).tone,
          value: effectNano / NANO,
          lower: lowerNano / NANO,
          upper: upperNano / NANO,
          written: <strong>{partly(effectNano / NANO)}</strong>,
        }))}
      />
      {more}
      <p class="hint">Somebody these days did not know weighs {partly(fit.newcomerNano / NANO)}.</p>
      <p class="hash" data-testid="fit-hash" data-check={check}>
        <span class="quiet">SHA-256 of the weights</span> <code>{hash}</code>{" "}
        <span class={check === "other" ? "bad-text" : "good-text"}>{checks[check]}</span>
      </p>
    </>
  );
};

const One = ({ it, fresh }: { readonly it: FitPage; readonly fresh: boolean }) => {
  const open = useSignal(fresh);
  const item = useRef<HTMLLIElement>(null);
  // Whoever froze them was in the form that has just gone: they are led to what came of it.
  useEffect(() => {
    if (fresh) item.current?.focus();
  }, [fresh]);
  const { fit, hash, fittedAt } = it;
  return (
    <li ref={item} tabIndex={-1} class={fresh ? "fit fresh" : "fit"} data-testid="fit" data-hash={hash}>
      <div class="fit-head">
        <div>
          <h3>{titleOf(fit)}</h3>
          <p>
            {day(fit.from)} – {day(fit.until)} · {whole(fit.conversions)} conversions on {whole(fit.journeys)} journeys
          </p>
          <p class="quiet">
            {mannerOf(fit)} · frozen <When at={fittedAt} />
          </p>
        </div>
        <p class="fit-hash">
          <code title={hash}>{hash.slice(0, HASH_SHOWN)}…</code> <Copy text={hash} label="Copy hash" kind="quiet" />
        </p>
      </div>
      <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary>
          {whole(fit.rows.length)} {fit.rows.length === 1 ? "weight" : "weights"}
        </summary>
        {open.value && <Rows it={it} />}
      </details>
    </li>
  );
};

const MOST_AMENDED = 5;

/** What to do with frozen weights: they pay nobody until terms name them. */
const Next = ({ campaign }: { readonly campaign: string }) => {
  const found = useLoad(`contracts of ${campaign}`, () => ask(contracts, { query: { campaign } })).now.value;
  const all = found.state === "here" ? found.value.contracts : [];
  const running = all.filter((it) => it.status === "running" && it.campaign === campaign);
  return (
    <div class="next" data-testid="fit-next">
      <p>
        Frozen weights pay nobody until terms that both sides have signed name them. Choose them where terms are
        written, under Attribution.
      </p>
      <div class="actions">
        <LinkButton href={`/contracts/new?campaign=${campaign}`} testid="draft-with-fit">
          Draft a contract
        </LinkButton>
        {running.slice(0, MOST_AMENDED).map((it) => (
          <LinkButton key={it.id} kind="quiet" href={`/contracts/${it.id}/amend`}>
            Amend {it.influencerName}’s, from {day(firstDayOf(it))}
          </LinkButton>
        ))}
      </div>
    </div>
  );
};

interface WeightsProps {
  readonly campaign: string;
  readonly page: AttributionPage | null;
}

/** The frozen weights of a campaign, and how to freeze more. */
export const Weights = ({ campaign, page }: WeightsProps) => {
  const load = useLoad(`fits ${campaign}`, () => ask(fits, { params: { campaign } }));
  const writing = useSignal(false);
  const made = useSignal<string | null>(null);
  const onMade = (it: FitPage): void => {
    writing.value = false;
    made.value = it.hash;
    const { value } = load.now;
    const before = value.state === "here" ? value.value.fits : [];
    load.put({ fits: [it, ...before.filter(({ hash }) => hash !== it.hash)] });
  };
  return (
    <Card
      title="Frozen weights"
      aside={
        <Button
          small
          kind={writing.value ? "quiet" : "plain"}
          onPress={() => (writing.value = !writing.value)}
          testid="freeze"
        >
          {writing.value ? "Close the form" : "Freeze weights…"}
        </Button>
      }
      testid="weights"
    >
      <p class="quiet">
        Markov and Shapley learn from the past what everybody weighs. To pay by them the weights are frozen first,
        before the days they pay for, under a hash that both sides sign; they never change after.
      </p>
      {writing.value && (
        <FitForm campaign={campaign} page={page} onMade={onMade} onClose={() => (writing.value = false)} />
      )}
      <Shown of={load} lines={2}>
        {({ fits: all }) => (
          <>
            {all.length === 0 && !writing.value && (
              <p class="quiet" data-testid="no-fits">
                None yet. Without them the other models work as ever.
              </p>
            )}
            <ul class="fits">
              {all.map((it) => (
                <One key={it.hash} it={it} fresh={it.hash === made.value} />
              ))}
            </ul>
            {all.length > 0 && <Next campaign={campaign} />}
          </>
        )}
      </Shown>
    </Card>
  );
};
