import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { unpacked } from "./woff.ts";

const require = createRequire(import.meta.url);

/** The faces text is set in. `rest` has a glyph for nearly every letter there is, for what the others lack. */
export type Face = "text" | "bold" | "mono" | "rest";

const plain = {
  text: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf"),
  bold: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf"),
  mono: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf"),
};

let rest: Buffer | undefined;

/** A face to hand to the printer: where it lies, or its bytes, which are unpacked once and only when they are needed. */
export const source = (face: Face): string | Buffer => {
  if (face !== "rest") return plain[face];
  rest ??= unpacked(readFileSync(require.resolve("@fontsource/unifont/files/unifont-latin-400-normal.woff")));
  return rest;
};

/** Does a face have a glyph for this code point? */
export type Has = (face: Face, codePoint: number) => boolean;

/** A stretch of text set in one face. */
export interface Run {
  readonly face: Face;
  readonly text: string;
}

const turned = "[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc]";
const turnedWords = new RegExp(`(\\S*${turned}\\S*(?: \\S*${turned}\\S*)*)`);

const setting = (letter: string, face: Face, has: Has): Run => {
  const codePoint = letter.codePointAt(0) ?? 0;
  if (codePoint < 0x7f || has(face, codePoint)) return { face, text: letter };
  const other = (["text", "rest"] as const).find((it) => has(it, codePoint));
  // A letter that even the widest face lacks is named, so that two names never look the same by what was left out.
  return other ? { face: other, text: letter } : { face, text: `[U+${codePoint.toString(16).toUpperCase()}]` };
};

const piece = (text: string, face: Face, has: Has): readonly Run[] => {
  const runs: { face: Face; text: string }[] = [];
  for (const letter of text) {
    const own = setting(letter, face, has);
    const last = runs.at(-1);
    // A space belongs to the words around it, whatever face they are in.
    if (last && (last.face === own.face || letter === " ")) last.text += own.text;
    else runs.push({ ...own });
  }
  return runs;
};

/**
 * Text as runs of one face each: the face asked for, where it has the letters, and otherwise one that does. Words of a
 * script that runs from right to left are a run of their own and held together, so that the font turns them as a whole.
 */
export const runsOf = (text: string, face: Face, has: Has): readonly Run[] =>
  text
    .split(turnedWords)
    .flatMap((part, index) => piece(index % 2 === 1 ? part.replaceAll(" ", "\u00a0") : part, face, has));
