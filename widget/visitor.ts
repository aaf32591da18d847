import { nonce } from "./send.ts";

let allowed = true;
let click = "";
/** Visitor, click, since when, then the polls met. With consent it is kept under the one key `makegood`, joined by bars. */
let memory: (string | number)[] = ["", "", ""];

/** Does the visitor allow an identifier? Global Privacy Control outranks every consent. */
export const identified = (): boolean => allowed && !navigator.globalPrivacyControl;

const keep = (): void => {
  localStorage.makegood = memory.join("|");
};

/** The one read, where nothing older than 90 days counts, and one write, only if the visitor or the click is new. */
const recall = (): void => {
  if (!memory[0]) {
    const kept = (localStorage.makegood || "").split("|");
    const known = Date.now() - kept[2] < 7776e6 ? kept : [nonce(), "", ""];
    memory = known.concat(memory.slice(3));
  }
  if (memory[2] && (!click || memory[1] === click)) return;
  memory.splice(1, 2, click, Date.now());
  keep();
};

/** Notice the `mg` parameter of the address. The last click wins. */
export const arrive = (): void => {
  const found = /[?&]mg=([\w.~-]{1,160})/.exec(location.search);
  if (found) click = found[1] as string;
};

/** Who the visitor is, as far as they allow it; without consent only the bare code of the link that led here. */
export const whence = (): { readonly v?: unknown; readonly c?: unknown } => {
  const known = identified();
  try {
    if (known) recall();
  } catch {
    memory[0] = ""; // Where storage is blocked, nobody is known.
  }
  return known ? { v: memory[0], c: click || memory[1] } : { c: click.split(".")[0] };
};

/** What holds until the visitor is heard, or what the visitor said. */
export const permit = (given: boolean): void => {
  allowed = given;
};

/** Erase what was kept. */
export const forget = (): void => {
  memory = ["", "", ""];
  delete localStorage.makegood;
};

/** Was this poll answered or closed before, as far as we may know? */
export const met = (poll: string): boolean => memory.includes(poll, 3);

/** This poll was answered or closed: not again on this page, and with consent not on the next one either. */
export const remember = (poll: string): void => {
  memory[memory.length] = poll;
  whence();
  if (memory[0] && identified()) keep();
};
