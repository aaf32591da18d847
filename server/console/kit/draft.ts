import type { Json } from "../../../shared/kit/canonical.ts";

const keyOf = (name: string): string => `makegood draft ${name}`;

/** Keep what is being written until the tab is closed, so that leaving the page by mistake loses nothing. */
export const keepDraft = (name: string, draft: Json): void => {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(draft));
  } catch {
    // Where storage is full or forbidden the draft lives on the page alone.
  }
};

/** What was being written, or nothing. */
export const keptDraft = (name: string): Json | undefined => {
  try {
    const kept = sessionStorage.getItem(keyOf(name));
    return kept === null ? undefined : (JSON.parse(kept) as Json);
  } catch {
    return undefined;
  }
};

/** It was saved, or given up. */
export const letGoDraft = (name: string): void => {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // Nothing was kept where nothing can be.
  }
};
