import { effect, signal } from "@preact/signals";

const route = signal("");
const heading = signal("");

/** Which page is shown, as the list of pages calls it; what the one before was headed holds no longer. */
export const titled = (title: string): void => {
  route.value = title;
};

/** What the page shown is headed, once that is known: of two tabs with campaigns each says which one. */
export const calledBy = (text: string): (() => void) => {
  heading.value = text.trim();
  return () => {
    if (heading.peek() === text.trim()) heading.value = "";
  };
};

/** Keep the window's title as the page says, until it is stopped. */
export const followTitle = (): (() => void) =>
  effect(() => {
    const name = heading.value || route.value;
    document.title = name === "" ? "Makegood" : `${name} · Makegood`;
  });
