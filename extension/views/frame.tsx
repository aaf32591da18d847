import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { tell } from "../app/words.ts";
import { go, route, up } from "./route.ts";

interface Props {
  readonly title: string;
  readonly below?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page below the first: its title, which takes the focus so that a keyboard or a screen reader begins there, and the way back. */
export const Frame = ({ title, below, children }: Props) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    globalThis.scrollTo?.(0, 0);
  }, []);
  return (
    <>
      <header class="bar">
        <button
          type="button"
          class="icon"
          data-testid="back"
          aria-label={tell("back")}
          onClick={() => go(up(route.value))}
        >
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M12 4 6 10l6 6" />
          </svg>
        </button>
        <div class="bar-title">
          <h1 ref={heading} tabIndex={-1} title={title}>
            <bdi>{title}</bdi>
          </h1>
          {below}
        </div>
      </header>
      <main class="page">{children}</main>
    </>
  );
};
