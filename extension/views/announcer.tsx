import { signal } from "@preact/signals";

const said = signal({ sentence: "", time: 0 });

/** Say something to those who listen instead of look. */
export const announce = (sentence: string): void => {
  said.value = { sentence, time: said.value.time + 1 };
};

/**
 * Where sentences are said: present from the first frame, since a screen reader overhears only what changes. A sentence
 * said again is a new element, so that it is heard again.
 */
export const Announcer = () => (
  <p class="unseen" role="status" aria-live="polite" data-testid="announcer">
    <span key={said.value.time}>{said.value.sentence}</span>
  </p>
);
