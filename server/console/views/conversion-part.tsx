import { percent } from "../kit/figures.ts";
import { known, ownsABrand } from "../kit/session.ts";
import type { Grade, VerdictPart } from "../kit/wire.ts";
import { grades, lineTitle, stages } from "../kit/words.ts";
import { Meter } from "../parts/meter.tsx";
import { Amount, Badge, Card } from "../parts/small.tsx";
import { DisputeLink } from "./dispute-link.tsx";

const tones = { accept: "good", review: "warn", reject: "bad", retry: "warn" } as const;

/** How good a lead was found to be, and why. */
export const Graded = ({ grade }: { readonly grade: Grade }) => (
  <div class="stack" data-testid="lead-grade" data-verdict={grade.verdict} data-score={grade.score}>
    <h3>Lead grade</h3>
    <Meter what={`Score ${grade.score} of 100`} have={grade.score} want={100} tone={tones[grade.verdict]}>
      <p>
        <Badge word={grades[grade.verdict]} /> <span class="num">{grade.score}</span>
        <span class="quiet"> of 100</span>
      </p>
    </Meter>
    {grade.reasons.length === 0 && <p class="quiet">Every check passed.</p>}
    <ul class="plain-list">
      {grade.reasons.map((it) => (
        <li key={it.code}>
          {it.weight > 0 && <span class="num strong">−{it.weight}</span>} {it.because}
          {it.list && <span class="quiet"> ({it.list})</span>}
        </li>
      ))}
    </ul>
  </div>
);

/** Why a part may have moved nothing, where the part itself can tell. */
const unmoved = ({ state, lines, shareMicro }: VerdictPart): string | null => {
  if (lines.length > 0 || shareMicro === 0) return null;
  if (state === "rejected") return "What is rejected earns nothing.";
  if (state === "pending") return "Nothing moves before it is accepted or confirmed.";
  return "It counts, and yet no line changed when it was judged: it may make good what a guarantee missed, unpaid, lie below a condition, or lie above a cap.";
};

const Unmoved = ({ part }: { readonly part: VerdictPart }) => {
  const because = unmoved(part);
  return (
    because && (
      <p class="quiet" data-testid="unmoved">
        {because} <a href={`/contracts/${part.contract}/statement`}>The statement</a>
      </p>
    )
  );
};

/** What a conversion moved of one contract's money, line by line. */
export const Lines = ({ part }: { readonly part: VerdictPart }) => (
  <div class="stack">
    <h3>Money</h3>
    <table class="table lines" aria-label={`Money of ${part.influencerName}`}>
      <tbody>
        {part.lines.map((line) => (
          <tr key={line.code + line.because}>
            <th scope="row">
              {lineTitle(line.code)}
              <p class="quiet">{line.because}</p>
            </th>
            <td>
              <Amount minor={line.amountMinor} currency={part.currency} testid="line-amount" />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{part.lines.length === 0 ? "Nothing moved" : "Together"}</th>
          <td>
            <Amount minor={part.amountMinor} currency={part.currency} testid="part-amount" />
          </td>
        </tr>
      </tfoot>
    </table>
    <Unmoved part={part} />
  </div>
);

/** The part of a share that waits, because nobody can say well enough what its payee weighs. */
const HeldPart = ({ part: { shareMicro, heldMicro = 0, released } }: { readonly part: VerdictPart }) => {
  if (heldMicro === 0) return null;
  const share = percent(Math.round((heldMicro / Math.max(1, shareMicro)) * 1_000_000));
  if (released === true)
    return (
      <p class="quiet" data-testid="held-part">
        {share} of the share was held, and has been released.
      </p>
    );
  return (
    <p class="notice" data-testid="held-part">
      {share} of the share is held until {ownsABrand(known()) ? "you release it" : "the brand releases it"}: the
      interval of its weight is wide.
    </p>
  );
};

/** What one contract gets of a conversion: its share, the grade under its terms, the lines it moved. */
export const Part = ({ part, conversion }: { readonly part: VerdictPart; readonly conversion: string }) => (
  <Card
    testid="part"
    title={
      <>
        <a href={`/contracts/${part.contract}`}>{part.influencerName}</a>{" "}
        <span class="quiet num">{percent(part.shareMicro)}</span>
      </>
    }
    aside={<Badge word={stages[part.stage]} />}
  >
    <HeldPart part={part} />
    <div class="halves">
      <Graded grade={part.grade} />
      <Lines part={part} />
    </div>
    <p class="hint">
      Judged under version {part.version} of the terms, <span class="mono">{part.termsHash.slice(0, 12)}…</span>
    </p>
    {(part.shareMicro > 0 || part.restated) && (
      <div class="actions">
        <DisputeLink contract={part.contract} conversion={conversion}>
          Dispute this amount…
        </DisputeLink>
      </div>
    )}
  </Card>
);
