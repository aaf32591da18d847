import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { moment, money } from "../kit/figures.ts";
import { calledBy } from "../kit/title.ts";
import type { Word } from "../kit/words.ts";

/** A state, in a word and a tone; never told by colour alone. */
export const Badge = ({ word, testid }: { readonly word: Word; readonly testid?: string }) => (
  <span class={`badge ${word.tone}`} title={word.says} data-testid={testid}>
    {word.title}
  </span>
);

interface AmountProps {
  readonly minor: number;
  readonly currency: string;
  readonly testid?: string;
}

/** Money. The exact minor units are kept beside what is read. */
export const Amount = ({ minor, currency, testid }: AmountProps) => (
  <span class={minor < 0 ? "num negative" : "num"} data-minor={minor} data-testid={testid}>
    {money(minor, currency)}
  </span>
);

/** An instant, in the reader's own time; the exact one is kept beside. */
export const When = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
    {moment(at)}
  </time>
);

interface HeadProps {
  readonly title: ComponentChildren;
  readonly over?: ComponentChildren;
  readonly under?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** The head of a page: where it belongs, what it is, and what can be done with it. The window is called by it too. */
export const Head = ({ title, over, under, children }: HeadProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => calledBy(heading.current?.textContent ?? ""));
  return (
    <header class="head">
      <div>
        {over && <p class="over">{over}</p>}
        <h1 ref={heading}>{title}</h1>
        {under && <p class="under">{under}</p>}
      </div>
      {children && <div class="actions">{children}</div>}
    </header>
  );
};

interface CardProps {
  readonly title?: ComponentChildren;
  readonly aside?: ComponentChildren;
  readonly class?: string;
  readonly testid?: string;
  readonly children: ComponentChildren;
}

/** One subject of a page. */
export const Card = ({ title, aside, class: more = "", testid, children }: CardProps) => (
  <section class={`card ${more}`} data-testid={testid}>
    {title && (
      <header class="card-head">
        <h2>{title}</h2>
        {aside}
      </header>
    )}
    {children}
  </section>
);
