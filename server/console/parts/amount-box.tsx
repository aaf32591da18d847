import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { locale } from "../kit/figures.ts";
import { amountFault, majorText, minorOf } from "../terms/amount.ts";
import { TextBox } from "./field.tsx";

/** An amount being typed: what it means in minor units, nothing while it means none, and why not. */
export interface TypedAmount {
  readonly minor: number | null;
  readonly text: string;
  readonly currency: string;
  readonly fault: string | undefined;
  type(text: string): void;
  put(minor: number): void;
  /** Say what is wrong, also where nothing was typed yet. True when there is nothing to say. */
  check(): boolean;
}

const startText = (minor: number | null, currency: string): string =>
  minor === null || minor < 1 ? "" : majorText(minor, currency);

/** An amount above zero to be typed, in major units of its currency. */
export const useAmount = (start: number | null, currency: string): TypedAmount => {
  const text = useSignal(startText(start, currency));
  const asked = useSignal(false);
  const read = minorOf(text.value, currency, locale());
  const minor = read === 0 ? null : read;
  const wrong = minor === null && (asked.value || text.value.trim() !== "");
  return {
    minor,
    text: text.value,
    currency,
    fault: wrong ? amountFault(currency) : undefined,
    type: (typed) => (text.value = typed),
    put: (to) => (text.value = startText(to, currency)),
    check: () => {
      asked.value = true;
      return minor !== null;
    },
  };
};

interface AmountBoxProps {
  readonly label: ComponentChildren;
  readonly of: TypedAmount;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly testid: string;
}

/** The box an amount is typed into. */
export const AmountBox = ({ label, of, hint, problem, testid }: AmountBoxProps) => (
  <TextBox
    label={
      <>
        {label} <span class="quiet">({of.currency})</span>
      </>
    }
    inputMode="decimal"
    value={of.text}
    onInput={of.type}
    hint={hint}
    problem={of.fault ?? problem}
    testid={testid}
  />
);
