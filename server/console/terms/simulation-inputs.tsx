import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { type Expectation, LARGEST_MEAN_MICRO, LARGEST_VALUE_MINOR } from "../../../shared/pay/simulate.wish.ts";
import { locale } from "../kit/figures.ts";
import type { Expected } from "../kit/simulate.ts";
import { Button } from "../parts/button.tsx";
import { TextBox } from "../parts/field.tsx";
import { amountFault, majorText, minorOf, scaled } from "./amount.ts";

type Number = keyof Omit<Expectation, "result">;

interface TypedProps {
  readonly label: string;
  readonly shown: string;
  readonly read: (text: string) => number | null;
  readonly most: number;
  readonly fault: string;
  readonly onRead: (value: number) => void;
  readonly testid: string;
}

/** A number as typed: it stays on screen as typed until the field is left, and counts as soon as it can be read. */
const Typed = ({ label, shown, read, most, fault, onRead, testid }: TypedProps) => {
  const typed = useSignal<string | null>(null);
  const understood = typed.value === null ? 0 : read(typed.value);
  const isFine = understood !== null && understood <= most;
  return (
    <TextBox
      label={label}
      value={typed.value ?? shown}
      inputMode="decimal"
      testid={testid}
      problem={isFine ? undefined : fault}
      onInput={(text) => {
        typed.value = text;
        const value = read(text);
        if (value !== null && value <= most) onRead(value);
      }}
      onCommit={() => {
        if (isFine) typed.value = null;
      }}
    />
  );
};

const swings = [
  [0, "pure chance"],
  [1500, "steady"],
  [3000, "usual"],
  [6000, "uneven"],
  [10_000, "hit or miss"],
] as const;

/** Half a step is never reached, so the nearest word is always one of them. */
const swingPlace = (bp: number): number =>
  swings.reduce(
    (best, [value], place) => (Math.abs(value - bp) < Math.abs((swings[best]?.[0] ?? 0) - bp) ? place : best),
    0,
  );

interface SwingProps {
  readonly label: string;
  readonly bp: number;
  readonly onSwing: (bp: number) => void;
  readonly testid: string;
}

const Swing = ({ label, bp, onSwing, testid }: SwingProps) => {
  const id = useId();
  const word = swings[swingPlace(bp)]?.[1] ?? "";
  return (
    <div class="field">
      <label class="label" htmlFor={id}>
        {label} <span class="quiet">· {word}</span>
      </label>
      <input
        id={id}
        class="range"
        type="range"
        min="0"
        max={swings.length - 1}
        step="1"
        value={swingPlace(bp)}
        aria-valuetext={word}
        data-testid={testid}
        onInput={(event) => onSwing(swings[event.currentTarget.valueAsNumber]?.[0] ?? 0)}
      />
    </div>
  );
};

const resultsText = (micro: number): string => String(micro / 1_000_000);

interface InputsProps {
  readonly per: readonly Expectation[];
  readonly currency: string;
  readonly period: string;
  readonly expected: Expected;
  readonly onExpect: (next: Expected) => void;
}

/** What is expected of each result: how many in a period, how evenly they come, and what one is worth where pay asks for it. */
export const Inputs = ({ per, currency, period, expected, onExpect }: InputsProps) => {
  const put = (result: string, name: Number) => (value: number) =>
    onExpect({ ...expected, per: { ...expected.per, [result]: { ...expected.per[result], [name]: value } } });
  return (
    <div class="expectations">
      {per.map(({ result, meanMicro, swingBp, valueMinor, valueSwingBp }) => (
        <fieldset key={result} class="fields" data-testid={`expect-${result}`}>
          <legend class="unseen">What is expected of {result}</legend>
          <Typed
            label={`${result} a ${period}, about`}
            shown={resultsText(meanMicro)}
            read={(text) => scaled(text, 6, locale())}
            most={LARGEST_MEAN_MICRO}
            fault="Write a number, such as 60."
            onRead={put(result, "meanMicro")}
            testid={`expect-${result}-mean`}
          />
          <Swing
            label="How evenly they come"
            bp={swingBp}
            onSwing={put(result, "swingBp")}
            testid={`expect-${result}-swing`}
          />
          {(valueMinor > 0 || valueSwingBp > 0 || expected.per[result]?.valueMinor !== undefined) && (
            <Typed
              label={`Worth of a ${result}, about`}
              shown={majorText(valueMinor, currency)}
              read={(text) => minorOf(text, currency, locale())}
              most={LARGEST_VALUE_MINOR}
              fault={amountFault(currency)}
              onRead={put(result, "valueMinor")}
              testid={`expect-${result}-value`}
            />
          )}
        </fieldset>
      ))}
    </div>
  );
};

/** Which chances are drawn: the same seed shows both sides the same picture, another one shows how much of it is chance. */
export const Seed = ({
  expected,
  onExpect,
  runs,
}: Pick<InputsProps, "expected" | "onExpect"> & { readonly runs: number }) => (
  <p class="seed quiet">
    <span>
      Both sides see the same picture: {runs} simulated contracts, seed{" "}
      <span class="num" data-testid="seed">
        {expected.seed}
      </span>
      .
    </span>{" "}
    <Button
      small
      kind="quiet"
      testid="another-seed"
      onPress={() => onExpect({ ...expected, seed: (expected.seed % 9999) + 1 })}
    >
      Other chances
    </Button>
    {(expected.seed !== 1 || Object.keys(expected.per).length > 0) && (
      <Button small kind="quiet" testid="as-usual" onPress={() => onExpect({ seed: 1, per: {} })}>
        As usual
      </Button>
    )}
  </p>
);
