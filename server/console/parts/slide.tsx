import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface SlideProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly write: (value: number) => string;
  readonly onSlide: (value: number) => void;
  readonly hint?: ComponentChildren;
  readonly testid: string;
}

/** A number to slide to, written beside its label. */
export const Slide = ({ label, value, least, most, step, write, onSlide, hint, testid }: SlideProps) => {
  const id = useId();
  return (
    <div class="field">
      <label class="label slide-label" htmlFor={id}>
        {label} <output class="num">{write(value)}</output>
      </label>
      <input
        id={id}
        class="range"
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={write(value)}
        data-testid={testid}
        onInput={(event) => onSlide(event.currentTarget.valueAsNumber)}
      />
      {hint && <p class="hint">{hint}</p>}
    </div>
  );
};
