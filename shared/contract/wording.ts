import { must } from "../kit/shape.ts";
import type { Terms } from "./terms.ts";
import { firstWordingOf } from "./wording.first.ts";
import { secondWordingOf } from "./wording.second.ts";

/** The wording of the first contracts: the one meant where a fact names none. */
export const firstWording = "2026-11-1";

/** The wording contracts are offered in now: recorded with each offer, so that its text can be rendered again as it was read. */
export const wordingVersion = "2026-11-2";

/** What the first contracts could not say of attribution, so that their wording has no words for it. */
const unsaid = ["milestones", "after", "viewDays", "learned", "order", "ordered", "wide", "holdoutBp"] as const;

const wordings: Readonly<Record<string, (terms: Terms) => readonly string[]>> = {
  [firstWording]: (terms) => {
    const member = unsaid.find((name) => terms.attribution[name] !== undefined);
    must(member === undefined, `words for /attribution/${member} in the wording ${firstWording}`);
    return firstWordingOf(terms);
  },
  [wordingVersion]: secondWordingOf,
};

/** Every wording that can still be rendered, oldest first. */
export const wordingVersions: readonly string[] = Object.keys(wordings);

/**
 * The terms in the words of one version of the wording. Throws for a version there never was, and for terms that say what a
 * version has no words for: no contract was read so.
 */
export const wordingOf = (version: string, terms: Terms): readonly string[] => {
  const render = Object.hasOwn(wordings, version) ? wordings[version] : undefined;
  must(render, `a wording called ${version}`);
  return render(terms);
};

/**
 * The terms in words, one clause a paragraph, rendered from the data alone, so that what is read and what is computed
 * cannot disagree: terms that differ in what they say differ in their text. The same terms always give the same text, in
 * every engine, whatever order their keys came in.
 */
export const wording = (terms: Terms): readonly string[] => wordingOf(wordingVersion, terms);
