import { signal } from "@preact/signals";

/** Where the person is: what the address bar says. */
interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly hash: string;
}

const read = (): Place => ({
  path: location.pathname,
  query: new URLSearchParams(location.search),
  hash: location.hash.slice(1),
});

/** The place shown now. */
export const place = signal<Place>(read());

/** Only a path of our own is gone to: one slash and no second one, whatever a reply says. */
const ownPath = (path: string): string => (/^\/(?![/\\])/.test(path) ? path : "/");

/** Go somewhere in the app. `replace` leaves no way back to the page left, as after signing in. */
export const go = (path: string, how: "push" | "replace" = "push"): void => {
  const to = ownPath(path);
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  place.value = read();
  scrollTo(0, 0);
};

/** Say in the address what is looked at, without leaving the page; back leads through everything said so. */
export const restate = (query: URLSearchParams): void => {
  const text = query.toString();
  if (text === location.search.slice(1)) return;
  history.pushState(null, "", text === "" ? location.pathname : `${location.pathname}?${text}`);
  place.value = read();
};

const plainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Links stay ordinary links: a plain click on one of ours changes the place, everything else is the browser's. */
const onClick = (event: MouseEvent): void => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || !plainClick(event) || link.target !== "" || link.hasAttribute("download")) return;
  const to = new URL(link.href, location.href);
  if (to.origin !== location.origin || to.hash !== "") return;
  event.preventDefault();
  go(to.pathname + to.search);
};

/** Follow clicks and the browser's own back and forward, until the signal aborts. */
export const follow = (signal?: AbortSignal): void => {
  const until = signal ? { signal } : {};
  place.value = read();
  addEventListener("popstate", () => (place.value = read()), until);
  document.addEventListener("click", onClick, until);
};
