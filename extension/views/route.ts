import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Where in the popup the reader is. */
export type Route =
  | { readonly at: "home" }
  | { readonly at: "about" }
  | { readonly at: "statement"; readonly contract: string }
  | { readonly at: "conversion"; readonly contract: string; readonly conversion: string };

/** The page that is shown. */
export const route = signal<Route>({ at: "home" });

let left: Route | undefined;

/** Go somewhere. */
export const go = (to: Route): void => {
  left = route.value;
  route.value = to;
};

/** The page one step up. */
export const up = (from: Route): Route =>
  from.at === "conversion" ? { at: "statement", contract: from.contract } : { at: "home" };

/** For the control that leads somewhere: when the reader comes back from there, the keyboard goes on at it. */
export const useReturn = <It extends HTMLElement>(leads: (to: Route) => boolean): RefObject<It | null> => {
  const place = useRef<It>(null);
  useEffect(() => {
    if (!left || !leads(left)) return;
    left = undefined;
    place.current?.focus();
  }, []);
  return place;
};
