import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { locale, money } from "../kit/figures.ts";
import type { DisputeRow, Party } from "../kit/wire.money.ts";
import { TextBox } from "../parts/field.tsx";
import { ShareBar } from "../parts/sharebar.tsx";
import { amountFault, majorText, minorOf } from "../terms/amount.ts";

type Disputed = Pick<DisputeRow, "amountMinor" | "currency" | "brandName" | "influencerName">;

interface Split {
  readonly brandMinor: number;
  readonly influencerMinor: number;
}

const sides = ["brand", "influencer"] as const;

/** A split as one bar and two amounts, each named. */
export const SplitBar = ({
  of,
  split,
  what,
}: {
  readonly of: Disputed;
  readonly split: Split;
  readonly what: string;
}) => (
  <ShareBar
    what={what}
    parts={sides.map((side) => {
      const minor = side === "brand" ? split.brandMinor : split.influencerMinor;
      return {
        key: side,
        label: side === "brand" ? `${of.brandName} keeps` : `${of.influencerName} gets`,
        weight: minor,
        written: money(minor, of.currency),
        tone: side === "brand" ? "house" : "series-1",
        testid: `${side}-part`,
        exact: minor,
      };
    })}
  />
);

/** A split being made: two whole amounts that always come to the one disputed. */
export interface SplitMade {
  readonly split: Split;
  /** Why what was typed last cannot be; the split is then the one before. */
  readonly fault: { readonly side: Party; readonly says: string } | undefined;
  readonly typed: { readonly side: Party; readonly text: string } | null;
  /** How much the brand keeps; the rest is the influencer's. */
  keep(brandMinor: number): void;
  type(side: Party, text: string): void;
  settle(): void;
}

const readIn = (text: string, { amountMinor, currency }: Disputed): { minor: number | null; says: string } => {
  const minor = minorOf(text, currency, locale());
  if (minor === null) return { minor, says: amountFault(currency) };
  if (minor <= amountMinor) return { minor, says: "" };
  return { minor: null, says: `There are only ${money(amountMinor, currency)} to split.` };
};

/** Split an amount: what one side gets, the other does not. */
export const useSplit = (of: Disputed, startInfluencerMinor: number): SplitMade => {
  const influencerMinor = useSignal(startInfluencerMinor);
  const typed = useSignal<SplitMade["typed"]>(null);
  const read = typed.value && readIn(typed.value.text, of);
  return {
    split: { brandMinor: of.amountMinor - influencerMinor.value, influencerMinor: influencerMinor.value },
    fault: typed.value && read?.minor === null ? { side: typed.value.side, says: read.says } : undefined,
    typed: typed.value,
    keep: (minor) => {
      typed.value = null;
      influencerMinor.value = of.amountMinor - minor;
    },
    type: (side, text) => {
      typed.value = { side, text };
      const { minor } = readIn(text, of);
      if (minor !== null) influencerMinor.value = side === "influencer" ? minor : of.amountMinor - minor;
    },
    settle: () => {
      if (typed.value && readIn(typed.value.text, of).minor !== null) typed.value = null;
    },
  };
};

const SidePart = ({ of, made, side }: { readonly of: Disputed; readonly made: SplitMade; readonly side: Party }) => {
  const { brandMinor, influencerMinor } = made.split;
  const own = majorText(side === "brand" ? brandMinor : influencerMinor, of.currency);
  return (
    <TextBox
      label={
        <>
          {side === "brand" ? `${of.brandName} keeps` : `${of.influencerName} gets`}{" "}
          <span class="quiet">({of.currency})</span>
        </>
      }
      inputMode="decimal"
      value={made.typed?.side === side ? made.typed.text : own}
      onInput={(text) => made.type(side, text)}
      onCommit={made.settle}
      problem={made.fault?.side === side ? made.fault.says : undefined}
      testid={`split-${side}`}
    />
  );
};

/** A slider for the rough split and two boxes for the exact one; moving any of them moves the others. */
export const SplitFields = ({ of, made }: { readonly of: Disputed; readonly made: SplitMade }) => {
  const id = useId();
  const { brandMinor, influencerMinor } = made.split;
  const percent = Math.round((brandMinor / of.amountMinor) * 100);
  return (
    <div class="split">
      <SplitBar of={of} split={made.split} what={`Split of ${money(of.amountMinor, of.currency)}`} />
      <label class="unseen" htmlFor={id}>
        How much {of.brandName} keeps, in percent
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={1}
        value={percent}
        data-testid="split-slider"
        aria-valuetext={`${of.brandName} keeps ${money(brandMinor, of.currency)}, ${of.influencerName} gets ${money(influencerMinor, of.currency)}`}
        onInput={(event) => made.keep(Math.round((of.amountMinor * Number(event.currentTarget.value)) / 100))}
      />
      <div class="fields two">
        <SidePart of={of} made={made} side="brand" />
        <SidePart of={of} made={made} side="influencer" />
      </div>
      <p class="hint">Together always {money(of.amountMinor, of.currency)}: changing one part changes the other.</p>
    </div>
  );
};
