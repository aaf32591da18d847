import { nonce, quietly } from "./send.ts";
import { arrive } from "./visitor.ts";

/** One look at one page: its address without query and fragment, and a random word that names this look. */
export interface View {
  readonly p: string;
  readonly n: string;
}

/**
 * Call `seen` for each page view: the page itself (once it is really shown, not while it is prerendered), every later
 * change of its path, and each return from the back/forward cache.
 */
export const watch = (seen: (view: View) => void): void => {
  let p = "";
  const view = (): void => {
    p = here();
    seen({ p, n: nonce() });
  };
  const moved = (): void => {
    arrive();
    if (p && here() !== p) view();
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = (...all) => {
      const out = original.apply(history, all);
      quietly(moved);
      return out;
    };
  }
  addEventListener("popstate", moved);
  window.navigation?.addEventListener("currententrychange", moved);
  addEventListener("pageshow", (event) => event.persisted && view());
  if (document.prerendering) document.addEventListener("prerenderingchange", view);
  else view();
};

/** Where the visitor is, without query or fragment: those may hold what is nobody's business. */
export const here = (): string => location.origin + location.pathname;
