import { signal } from "@preact/signals";

const said = signal("");

/** Say something to those who listen instead of look. */
export const announce = (sentence: string): void => {
  said.value = sentence;
};

/** Where sentences are said: present from the first frame, since a screen reader overhears only what changes. */
export const Announcer = () => (
  <p class="unseen" role="status" aria-live="polite" data-testid="announcer">
    {said}
  </p>
);
