import type { Recomputed } from "../app/recompute.ts";
import { money } from "../app/speak.ts";
import { tell } from "../app/words.ts";

interface Props {
  readonly found: Recomputed | undefined;
  readonly currency: string;
}

const figure = (what: string, text: string, currency: string): string => {
  const amountMinor = Number(text);
  return what.endsWith("Minor") && Number.isSafeInteger(amountMinor) ? money(amountMinor, currency) : text;
};

const tones = { same: "good", differs: "bad", posted: "", partly: "half", unknown: "" } as const;
const matches = { same: "true", differs: "false", posted: "posted", partly: "partly", unknown: "unknown" } as const;

const Words = ({ found, currency }: Props) => {
  if (!found) return <span>{tell("recomputing")}</span>;
  if (found.verdict === "unknown") return <span>{tell("recomputeUnknown")}</span>;
  if (found.verdict === "same") {
    return (
      <span>
        <span aria-hidden="true">✓ </span>
        {tell("recomputedSame")}
      </span>
    );
  }
  const { what, server, here } = found.difference;
  const [theirs, ours] = [figure(what, server, currency), figure(what, here, currency)];
  if (found.verdict === "posted") return <span>{tell("recomputedPosted", theirs, ours)}</span>;
  if (found.verdict === "partly") return <span>{tell("recomputedPartly", theirs, ours)}</span>;
  return (
    <>
      <strong>
        <span aria-hidden="true">✗ </span>
        {tell("recomputedDiffers")}
      </strong>
      <span>{tell("bothFigures", theirs, ours, what)}</span>
    </>
  );
};

/** Whether this device, computing for itself, came to the same figures as the server. Its place is there while it computes, so that the outcome is read out. */
export const Mark = ({ found, currency }: Props) => (
  <div
    class={`mark ${found ? tones[found.verdict] : ""}`}
    role="status"
    data-testid={found && "recomputed"}
    data-match={found && matches[found.verdict]}
  >
    <Words found={found} currency={currency} />
  </div>
);
