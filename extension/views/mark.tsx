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

/** Whether this device, computing for itself, came to the same figures as the server. Its place is kept while it computes. */
export const Mark = ({ found, currency }: Props) => {
  if (!found) return <p class="mark">{tell("recomputing")}</p>;
  if (found.verdict === "unknown") {
    return (
      <p class="mark" data-testid="recomputed" data-match="unknown">
        {tell("recomputeUnknown")}
      </p>
    );
  }
  if (found.verdict === "same") {
    return (
      <p class="mark good" data-testid="recomputed" data-match="true">
        <span aria-hidden="true">✓ </span>
        {tell("recomputedSame")}
      </p>
    );
  }
  const { what, server, here } = found.difference;
  return (
    <div class="mark bad" role="alert" data-testid="recomputed" data-match="false">
      <strong>
        <span aria-hidden="true">✗ </span>
        {tell("recomputedDiffers")}
      </strong>
      <span>{tell("bothFigures", figure(what, server, currency), figure(what, here, currency), what)}</span>
    </div>
  );
};
