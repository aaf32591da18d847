import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** How wide an element is, in whole pixels, kept up to date: a picture is drawn at the size it is seen, so that its letters are. */
export const useWidth = <Element extends HTMLElement>(
  usual: number,
): { readonly ref: RefObject<Element | null>; readonly width: number } => {
  const ref = useRef<Element>(null);
  const width = useSignal(usual);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === "undefined") return undefined;
    const measure = (): void => {
      const now = Math.round(element.clientWidth);
      if (now > 0) width.value = now;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return { ref, width: width.value };
};
