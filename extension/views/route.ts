import { signal } from "@preact/signals";

/** Where in the popup the reader is. */
export type Route =
  | { readonly at: "home" }
  | { readonly at: "about" }
  | { readonly at: "statement"; readonly contract: string }
  | { readonly at: "conversion"; readonly contract: string; readonly conversion: string };

/** The page that is shown. */
export const route = signal<Route>({ at: "home" });

/** Go somewhere. */
export const go = (to: Route): void => {
  route.value = to;
};

/** The page one step up. */
export const up = (from: Route): Route =>
  from.at === "conversion" ? { at: "statement", contract: from.contract } : { at: "home" };
