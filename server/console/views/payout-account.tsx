import { checkIban, grouped } from "../kit/iban.ts";
import { TextBox } from "../parts/field.tsx";

interface IbanBoxProps {
  readonly label?: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  /** Whether what is missing is a fault by now, too. */
  readonly asked: boolean;
  readonly problem?: string | undefined;
  readonly testid: string;
}

/** Why an account number cannot be taken, now that it should be whole; nothing while it is good. */
export const ibanFault = (text: string, asked: boolean): string | undefined => {
  const { state, says } = checkIban(text);
  if (state === "wrong") return says;
  if (!asked || state === "good") return undefined;
  return state === "empty" ? "Fill this in." : `Not whole yet: ${says}`;
};

/** An account number, checked while it is typed: what is wrong is said at once, what is missing is counted. */
export const IbanBox = ({ label = "IBAN", value, onInput, asked, problem, testid }: IbanBoxProps) => {
  const { state, says } = checkIban(value);
  return (
    <TextBox
      label={label}
      mono
      maxLength={60}
      placeholder="DE89 3704 0044 0532 0130 00"
      value={value}
      onInput={onInput}
      onCommit={() => onInput(grouped(value))}
      hint={
        state === "good" ? (
          <span class="good-text" data-testid={`${testid}-good`}>
            ✓ Its check digits are right.
          </span>
        ) : (
          (state === "short" && says) || "Checked while you type."
        )
      }
      problem={ibanFault(value, asked) ?? problem}
      testid={testid}
    />
  );
};
