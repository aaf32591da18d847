import { type ReadonlySignal, signal } from "@preact/signals";
import type * as v from "valibot";
import type { Json } from "../../../shared/kit/canonical.ts";
import type { checkTerms } from "../../../shared/wire/brand.ts";
import type { Answered, Problem } from "../kit/ask.ts";
import { drop, look, type Path, pointerOf, prune, put, rename } from "./pointer.ts";

/** What the server says of a draft: its wording and hash, or every problem with its place. */
export type Checked = v.InferOutput<typeof checkTerms.reply>;

/** One thing said of a place in the draft. */
export type Remark = Checked["problems"][number];

/** How the draft stands with the server. */
export type Standing =
  | { readonly state: "checking" }
  | { readonly state: "checked"; readonly checked: Checked }
  | { readonly state: "unchecked"; readonly problem: Problem };

/**
 * A draft of terms being written, in a form and as JSON at once. `draft` is the one truth; the form shows and changes its
 * parts, the text its whole. What cannot be read as a number stays in it as typed, so nothing invalid can be signed unseen.
 */
export interface Editor {
  readonly draft: ReadonlySignal<Json>;
  readonly text: ReadonlySignal<string>;
  /** Why the text is not JSON; while it is not, the draft is as it was before. */
  readonly textFault: ReadonlySignal<string | null>;
  readonly standing: ReadonlySignal<Standing>;
  /** What the simulated picture warns of, each at its place in the draft. */
  readonly dangers: ReadonlySignal<readonly Remark[]>;
  beware(dangers: readonly Remark[]): void;
  at(path: Path): Json | undefined;
  put(path: Path, value: Json): void;
  drop(path: Path): void;
  /** Drop what is optional, and what held nothing else. */
  prune(path: Path): void;
  rename(path: Path, from: string, to: string): void;
  change(document: Json): void;
  type(text: string): void;
  close(): void;
}

/** How long after the last change the draft is checked. */
const PAUSE_MS = 300;

/** What JSON can say but no number here can hold, such as 1e400, is no number that anybody could sign. */
const within = (_: string, value: Json): Json => {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError("A number in it is larger than any that can be kept.");
  return value;
};

const written = (draft: Json): string => JSON.stringify(draft, null, 2);

/** Check a draft a moment after it last changed; only the answer to the newest question counts. */
const checker = (check: (terms: Json) => Promise<Answered<Checked>>) => {
  const standing = signal<Standing>({ state: "checking" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  const ask = async (draft: Json): Promise<void> => {
    const mine = ++turn;
    const answer = await check(draft);
    if (mine !== turn) return;
    standing.value = answer.ok
      ? { state: "checked", checked: answer.value }
      : { state: "unchecked", problem: answer.problem };
  };
  const soon = (draft: Json): void => {
    clearTimeout(timer);
    turn += 1;
    timer = setTimeout(() => void ask(draft), PAUSE_MS);
  };
  const close = (): void => {
    clearTimeout(timer);
    turn += 1;
  };
  return { standing, soon, close };
};

/** Begin writing. `check` is how the server is asked; `kept` is told of every change, so that it can be kept. */
export const openEditor = (
  initial: Json,
  check: (terms: Json) => Promise<Answered<Checked>>,
  kept: (draft: Json) => void = () => {},
): Editor => {
  const draft = signal<Json>(initial);
  const text = signal(written(initial));
  const textFault = signal<string | null>(null);
  const { standing, soon, close } = checker(check);
  const dangers = signal<readonly Remark[]>([]);
  const become = (document: Json): void => {
    draft.value = document;
    kept(document);
    soon(document);
  };
  const change = (document: Json): void => {
    become(document);
    text.value = written(document);
    textFault.value = null;
  };
  const type = (typed: string): void => {
    text.value = typed;
    try {
      become(JSON.parse(typed, within) as Json);
      textFault.value = null;
    } catch (error) {
      textFault.value = error instanceof Error ? error.message : "This is not JSON.";
    }
  };
  soon(initial);
  return {
    draft,
    text,
    textFault,
    standing,
    dangers,
    beware: (found) => {
      dangers.value = found;
    },
    at: (path) => look(draft.value, path),
    put: (path, value) => change(put(draft.peek(), path, value)),
    drop: (path) => change(drop(draft.peek(), path)),
    prune: (path) => change(prune(draft.peek(), path)),
    rename: (path, from, to) => change(rename(draft.peek(), path, from, to)),
    change,
    type,
    close,
  };
};

/** What is said of one place: the first problem there, and the first warning, the server's before the picture's. */
export const remarksAt = (
  { standing, dangers }: Editor,
  path: Path,
): { readonly problem: string | undefined; readonly warning: string | undefined } => {
  const now = standing.value;
  const pointer = pointerOf(path);
  const first = (remarks: readonly Remark[]): string | undefined => remarks.find(({ at }) => at === pointer)?.because;
  if (now.state !== "checked") return { problem: undefined, warning: first(dangers.value) };
  return { problem: first(now.checked.problems), warning: first([...now.checked.warnings, ...dangers.value]) };
};
