import { nonce, quietly } from "./send.ts";

/** Erase what was kept. */
export const forget = (): unknown => delete localStorage.makegood;

let allowed = true;
/** The click that led to this page, and the last one that storage was told of. */
let click = "";
let stored = "";
/** Visitor, click, since when, then the polls met: as last kept, with consent, under the one key `makegood`. */
let memory: (string | number)[] = [];
/** Polls met on this page that are not kept yet. */
let polls: string[] = [];

/** What holds until the visitor is heard, or what the visitor said. */
export const permit = (given: boolean): void => {
  allowed = given;
};

/** Notice the `mg` parameter of the address. The last click wins. */
export const arrive = (): void => {
  click = /[?&]mg=([\w.~-]{1,160})/.exec(location.search)?.[1] || click;
};

/** Who the visitor is, as far as they allow it; without consent only the bare code of the link that led here. */
export const whence = (): { readonly v?: unknown; readonly c?: string | undefined } => {
  const known = identified();
  if (known) quietly(recall); // Where storage is blocked, nobody is known.
  return known ? { v: memory[0], c: click || (memory[1] as string) } : { c: click.split(".")[0] };
};

/** Read anew each time, for other tabs write too. Nothing older than 90 days counts, and only what is new is written. */
const recall = (): void => {
  const { makegood = "" } = localStorage;
  const kept = makegood.split(",");
  let [v, c, at, ...rest] = Date.now() - kept[2] < 7776e6 ? kept : [nonce(), "", Date.now()];
  if (click !== stored && click !== c) {
    c = click;
    at = Date.now();
  }
  const known = [v, c, at, ...rest, ...polls];
  if (`${known}` !== makegood) localStorage.makegood = known;
  memory = known;
  stored = click;
  polls = [];
};

/** This poll was answered or closed: not again on this page, and with consent not on the next one either. */
export const remember = (poll: string): void => {
  polls[polls.length] = poll;
  whence();
};

/** Does the visitor allow an identifier? Global Privacy Control outranks every consent. */
export const identified = (): boolean => allowed && !navigator.globalPrivacyControl;

/** Was this poll answered or closed before, as far as we may know? */
export const met = (poll: string): boolean => memory.concat(polls).includes(poll);
