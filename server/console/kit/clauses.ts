/** A stretch of text that stayed, went, or came. */
export interface Piece {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
}

/** One clause that differs: under which word it begins, and what of it went and came. */
export interface Difference {
  readonly head: string;
  readonly kind: "changed" | "gone" | "new";
  readonly pieces: readonly Piece[];
}

/** Clauses begin with the word they are about: "Pay 1. …". */
export const clauseParts = (clause: string): readonly [string, string] => {
  const end = clause.indexOf(". ");
  return end > 0 && end < 24 ? [clause.slice(0, end), clause.slice(end + 2)] : ["", clause];
};

/** How long the longest common run of both is from each pair of places on. */
const commonLengths = (before: readonly string[], after: readonly string[]): readonly Uint16Array[] => {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const [row, next] = [rows[i], rows[i + 1]];
      if (!row || !next) continue;
      row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  return rows;
};

/** Two texts in parts as one: what both have in common, and in between what only one has, the old before the new. */
const aligned = (before: readonly string[], after: readonly string[]): readonly Piece[] => {
  const lengths = commonLengths(before, after);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      pieces.push({ kind: "same", text: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (fresh === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      pieces.push({ kind: "gone", text: old });
      i += 1;
    } else {
      pieces.push({ kind: "new", text: fresh ?? "" });
      j += 1;
    }
  }
  return pieces;
};

const joined = (pieces: readonly Piece[]): readonly Piece[] => {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.kind === piece.kind) all[all.length - 1] = { ...last, text: last.text + piece.text };
    else all.push(piece);
  }
  return all;
};

const FEW_WORDS = 3;

const isFew = ({ text }: Piece): boolean => text.split(/\s+/).filter((word) => word !== "").length < FEW_WORDS;

/**
 * Pieces as they are read: a word or two that both texts happen to share between changes belong to the change, and what
 * went is told in one before what came.
 */
const readable = (pieces: readonly Piece[]): readonly Piece[] => {
  const all: Piece[] = [];
  let [gone, fresh] = ["", ""];
  const flush = (): void => {
    if (gone !== "") all.push({ kind: "gone", text: gone });
    if (fresh !== "") all.push({ kind: "new", text: fresh });
    [gone, fresh] = ["", ""];
  };
  for (const [place, piece] of pieces.entries()) {
    const between = (gone !== "" || fresh !== "") && place < pieces.length - 1;
    const changes = piece.kind !== "same" || (between && isFew(piece));
    if (!changes) flush();
    if (!changes) all.push(piece);
    if (changes && piece.kind !== "new") gone += piece.text;
    if (changes && piece.kind !== "gone") fresh += piece.text;
  }
  flush();
  return all;
};

const words = (text: string): readonly string[] => text.split(/(?<=\s)/);

const whole = (kind: "gone" | "new", clause: string): Difference => {
  const [head, text] = clauseParts(clause);
  return { head, kind, pieces: [{ kind, text }] };
};

const changed = (before: string, after: string): Difference => {
  const [[head, old], [, fresh]] = [clauseParts(before), clauseParts(after)];
  return { head, kind: "changed", pieces: readable(joined(aligned(words(old), words(fresh)))) };
};

/** Clauses that went and came at one place: those under the same word are one clause that changed. */
const paired = (gone: readonly string[], fresh: readonly string[]): readonly Difference[] => {
  const left = [...fresh];
  const old = gone.map((clause) => {
    const [head] = clauseParts(clause);
    const at = left.findIndex((it) => head !== "" && clauseParts(it)[0] === head);
    const [same] = at === -1 ? [] : left.splice(at, 1);
    return same === undefined ? whole("gone", clause) : changed(clause, same);
  });
  return [...old, ...left.map((clause) => whole("new", clause))];
};

/** In which clauses two wordings differ, in their order; nothing when they say the same. */
export const differing = (before: readonly string[], after: readonly string[]): readonly Difference[] => {
  const found: Difference[] = [];
  let [gone, fresh]: [string[], string[]] = [[], []];
  for (const { kind, text } of [...aligned(before, after), { kind: "same", text: "" } as const]) {
    if (kind === "gone") gone.push(text);
    if (kind === "new") fresh.push(text);
    if (kind !== "same") continue;
    found.push(...paired(gone, fresh));
    [gone, fresh] = [[], []];
  }
  return found;
};
