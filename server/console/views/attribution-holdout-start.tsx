import { useSignal } from "@preact/signals";
import { startHoldout } from "../../../shared/wire/attribution.ts";
import { contracts } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { partly } from "../kit/attribution.ts";
import { whole } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { Contract, Holdout } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { TextBox } from "../parts/field.tsx";
import { Slide } from "../parts/slide.tsx";

const BASIS = 10_000;
const USUAL_PART_BP = 1_000;
const MOST_PART_BP = 5_000;
const STEP_BP = 100;
const USUAL_DAYS = "28";
const MOST_NAMED = 6;

const allowedBp = ({ terms }: Contract): number => terms.attribution.holdoutBp ?? 0;

/** Whole days from 1 to a year, nothing where none are said, and null where it cannot be read. */
const daysIn = (text: string): number | undefined | null => {
  if (text.trim() === "") return undefined;
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= 365 ? days : null;
};

const Allowing = ({ allowing, others }: { readonly allowing: readonly Contract[]; readonly others: number }) => (
  <>
    <ul class="plain-list" data-testid="allowing">
      {allowing.slice(0, MOST_NAMED).map((it) => (
        <li key={it.id}>
          {it.influencerName} allows up to {partly(allowedBp(it) / BASIS)}
        </li>
      ))}
      {allowing.length > MOST_NAMED && <li>and {whole(allowing.length - MOST_NAMED)} more</li>}
    </ul>
    {others > 0 && (
      <p data-testid="not-allowing">
        {others === 1 ? "One running contract does" : `${whole(others)} running contracts do`} not allow it: all clicks
        on their links keep their credit.
      </p>
    )}
  </>
);

const Nobody = ({ running, partBp }: { readonly running: readonly Contract[]; readonly partBp: number }) => {
  const [first] = running;
  return (
    <p class="notice" data-testid="nobody-allows">
      {first ? (
        <>
          No running contract allows {partly(partBp / BASIS)} to be held out. Terms allow it under Attribution,
          “Experiments may leave out”:{" "}
          <a href={`/contracts/${first.id}/amend`}>propose that to {first.influencerName}</a>, or hold out less.
        </>
      ) : (
        "No contract of this campaign runs, so nobody can be held out. Begin once one is signed by both sides."
      )}
    </p>
  );
};

const Starting = ({ campaign, running, onDone }: StartProps & { readonly running: readonly Contract[] }) => {
  const mostAllowed = Math.max(0, ...running.map(allowedBp));
  const partBp = useSignal(mostAllowed >= STEP_BP ? Math.min(USUAL_PART_BP, mostAllowed) : USUAL_PART_BP);
  const days = useSignal(USUAL_DAYS);
  const open = useSignal(false);
  const form = useSubmit(startHoldout, onDone);
  const length = daysIn(days.value);
  const allowing = running.filter((it) => allowedBp(it) >= partBp.value);
  const submit = (): void =>
    void form.submit({
      params: { campaign },
      body: { partBp: partBp.value, ...(typeof length === "number" && { days: length }) },
    });
  const close = (): void => {
    open.value = false;
    form.clear();
  };
  return (
    <div class="start-holdout" data-testid="start-holdout">
      <div class="fields two">
        <Slide
          label="Part held out"
          value={partBp.value}
          least={STEP_BP}
          most={MOST_PART_BP}
          step={STEP_BP}
          write={(bp) => partly(bp / BASIS)}
          onSlide={(bp) => (partBp.value = bp)}
          testid="holdout-part"
        />
        <TextBox
          label="For days"
          inputMode="numeric"
          value={days.value}
          onInput={(text) => (days.value = text)}
          hint="Left empty, it lasts as long as the contracts."
          problem={length === null ? "Write a whole number of days from 1 to 365, or nothing." : undefined}
          testid="holdout-days"
        />
      </div>
      {allowing.length === 0 && <Nobody running={running} partBp={partBp.value} />}
      <div class="actions">
        <Button
          disabled={allowing.length === 0 || length === null}
          onPress={() => (open.value = true)}
          testid="begin-holdout"
        >
          Begin…
        </Button>
      </div>
      <Confirm
        open={open.value}
        title={`Hold out ${partly(partBp.value / BASIS)}?`}
        label="Begin"
        busy={form.busy.value}
        problem={form.problem.value}
        fields={["/partBp", "/days"]}
        onConfirm={submit}
        onClose={close}
        testid="begin"
      >
        <p>
          From now on that part of the people who come by these contracts’ links goes without credit and without the
          poll
          {typeof length === "number" && `, for ${whole(length)} days`}. Nobody is paid for what they do.
        </p>
        <Allowing allowing={allowing} others={running.length - allowing.length} />
        {saidOf(form.problem.value, "/partBp", "/days") && (
          <p class="problem">{saidOf(form.problem.value, "/partBp", "/days")}</p>
        )}
      </Confirm>
    </div>
  );
};

interface StartProps {
  readonly campaign: string;
  readonly onDone: (it: Holdout) => void;
}

/** To begin an experiment on the contracts that allow it. */
export const StartHoldout = ({ campaign, onDone }: StartProps) => {
  const found = useLoad(`contracts of ${campaign}`, () => ask(contracts, { query: { campaign } })).now.value;
  if (found.state !== "here") return null;
  const running = found.value.contracts.filter((it) => it.status === "running" && it.campaign === campaign);
  return <Starting campaign={campaign} running={running} onDone={onDone} />;
};
