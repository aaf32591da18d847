import { type Difference, differing, type Piece } from "../kit/clauses.ts";

const titles = { changed: "changed", gone: "removed", new: "added" } as const;

const Words = ({ pieces }: { readonly pieces: readonly Piece[] }) => (
  <>
    {pieces.map(({ kind, text }, place) => {
      const key = `${place} ${kind}`;
      if (kind === "gone") return <del key={key}>{text}</del>;
      return kind === "new" ? <ins key={key}>{text}</ins> : <span key={key}>{text}</span>;
    })}
  </>
);

const Clause = ({ it }: { readonly it: Difference }) => (
  <div data-testid="difference" data-kind={it.kind} data-head={it.head}>
    <dt>
      {it.head} <span class="quiet">{titles[it.kind]}</span>
    </dt>
    <dd>
      <Words pieces={it.pieces} />
    </dd>
  </div>
);

const counted = (count: number): string => (count === 1 ? "One clause differs" : `${count} clauses differ`);

interface DifferencesProps {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** What the old wording is of: "the offer before". */
  readonly than: string;
}

/** Two wordings compared, clause by clause: what went is struck out, what came is underlined. */
export const Differences = ({ before, after, than }: DifferencesProps) => {
  const found = differing(before, after);
  if (found.length === 0) return <p class="quiet">Every clause reads as in {than}.</p>;
  return (
    <section class="differences" data-testid="differences" data-count={found.length}>
      <p>
        <strong>{counted(found.length)}</strong> from {than}:
      </p>
      <dl class="wording">
        {found.map((it, place) => (
          <Clause key={`${place} ${it.head}`} it={it} />
        ))}
      </dl>
    </section>
  );
};
