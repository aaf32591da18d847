import { render } from "preact";
import type { Answers, Poll } from "../shared/audience/poll.ts";
import { Card, type Scene } from "./card.tsx";
import { type Moves, type Progress, walk } from "./progress.ts";
import { readPoll, readStanding, type Standing } from "./reading.ts";
import { css } from "./sheet.ts";
import { wordsFor } from "./words.ts";

const name = "makegood-poll";
const door = new URL("/v1/answers", import.meta.url);
const patienceMs = 15_000;

/** Send answers, once more if need be: the page view's nonce makes both one. */
const sender =
  (poll: string, says: () => object) =>
  async (answers: Answers): Promise<Standing | null> => {
    const reply = await fetch(door, {
      method: "POST",
      // Half a character, which a cut can leave behind, or a NUL would be refused.
      body: JSON.stringify({ ...says(), poll, answers }, (_, it) =>
        typeof it === "string" ? it.replace(/[\0\p{Cs}]/gu, "") : it,
      ),
      credentials: "omit",
      keepalive: true,
      signal: AbortSignal.timeout?.(patienceMs) ?? null,
    });
    if (!reply.ok) throw reply.status;
    return readStanding(await reply.json());
  };

const raise = (): ShadowRoot => {
  const host = document.createElement(name);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  host.dir = getComputedStyle(document.body || document.documentElement).direction;
  // The last child of the root: no transform or stacking of the page's own parts can reach it.
  document.documentElement.append(host);
  try {
    host.popover = "manual";
    host.showPopover();
  } catch {} // An older browser shows it by its z-index.
  return root;
};

/** Draw each progress, lead a visitor who is inside on to what is next, and say aloud what changed. */
const painter = (root: ShadowRoot, still: Omit<Scene, "at" | "moves" | "heard">, done: () => void) => {
  let page = "";
  let draw = (_heard: string): void => {};
  return (at: Progress, moves: Moves): void => {
    draw = (heard) => render(<Card {...still} at={at} moves={moves} heard={heard} />, root);
    draw(at.fault && still.words[at.fault]);
    if (at.end !== undefined) done();
    const turned = `${at.step}${at.end !== undefined}`;
    // At first the poll takes no focus: it is announced, once there has been a place to hear it for a moment.
    if (!page) setTimeout(() => draw(still.poll.title), 100);
    else if (page !== turned) root.querySelector("h2")?.focus({ preventScroll: true });
    page = turned;
  };
};

const show = (poll: Poll, says: () => object, done: () => void): void => {
  const root = raise();
  const { host } = root;
  const words = wordsFor(document.documentElement.lang || navigator.language);
  let before: HTMLElement | undefined;
  host.addEventListener("focusin", (event) => {
    const { relatedTarget } = event as FocusEvent;
    if (relatedTarget instanceof HTMLElement) before = relatedTarget;
  });
  const close = (): void => {
    const within = root.activeElement;
    render(null, root);
    host.remove();
    done();
    if (within) before?.focus({ preventScroll: true });
  };
  walk(poll, sender(poll.id, says), painter(root, { poll, words, close }, done));
};

/** Show a poll in the corner of the page, unless it cannot be shown whole or another one is there. `done`: not again. */
export const open = (given: unknown, says: () => object, done: (id: string) => void): void => {
  const poll = readPoll(given);
  if (!poll || document.querySelector(name)) return;
  let told = false;
  show(poll, says, () => {
    if (!told) done(poll.id);
    told = true;
  });
};
