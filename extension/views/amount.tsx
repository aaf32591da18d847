import { useRef } from "preact/hooks";
import { money } from "../app/speak.ts";

interface Props {
  readonly amountMinor: number;
  readonly currency: string;
  readonly testId?: string;
}

/** Money that lights up for a moment when it changes, but not when it first appears. */
export const Amount = ({ amountMinor, currency, testId }: Props) => {
  const first = useRef(amountMinor);
  const moved = useRef(false);
  moved.current ||= first.current !== amountMinor;
  // A new key makes a new element, whose animation starts anew at every change.
  return (
    <span
      key={amountMinor}
      class={moved.current ? "amount moved" : "amount"}
      data-testid={testId}
      data-amount-minor={amountMinor}
      data-currency={currency}
    >
      {money(amountMinor, currency)}
    </span>
  );
};
