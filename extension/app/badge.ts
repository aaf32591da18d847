import { browser } from "wxt/browser";
import { keepMark, mark } from "./vault.ts";
import { tell, tellCount } from "./words.ts";

const KEY = "badge-note";
const NOTE_MS = 8000;
const GREEN = "#0b6e4f";

interface Note {
  readonly text: string;
  readonly until: number;
}

const noteNow = async (): Promise<string> => {
  const note = (await browser.storage.session.get(KEY))[KEY] as Note | undefined;
  return note && note.until > Date.now() ? note.text : "";
};

const amount = (unseen: number): string => {
  if (unseen === 0) return "";
  return unseen > 99 ? "99+" : String(unseen);
};

/** Paint the toolbar button from what is stored, and nothing else: right whenever it is painted, whoever was killed before. */
export const paintBadge = async (): Promise<void> => {
  const unseen = Number((await mark("unseen")) ?? 0);
  const text = (await noteNow()) || amount(unseen);
  const title = unseen > 0 ? `${tell("extensionName")} · ${tellCount("movements", unseen)}` : tell("extensionName");
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color: GREEN }),
    browser.action.setTitle({ title }),
  ]);
};

/** Show a word on the toolbar button for a few seconds. Should nobody be left to take it away, the next alarm does. */
export const noteOnBadge = async (text: string): Promise<void> => {
  const note: Note = { text, until: Date.now() + NOTE_MS };
  await browser.storage.session.set({ [KEY]: note });
  await paintBadge();
  setTimeout(() => void paintBadge(), NOTE_MS + 50);
};

/** The popup is open: whatever moved has been seen. */
export const seeAll = async (): Promise<void> => {
  if (Number((await mark("unseen")) ?? 0) > 0) await keepMark("unseen", 0);
  await paintBadge();
};
