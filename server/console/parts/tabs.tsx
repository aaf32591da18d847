import { useEffect, useRef } from "preact/hooks";

/** One page of several that belong together. */
export interface Tab {
  readonly path: string;
  readonly title: string;
}

interface TabsProps {
  readonly what: string;
  readonly tabs: readonly Tab[];
  readonly here: string;
}

/** The way between pages that belong together. On a narrow screen it scrolls, to the page shown. */
export const Tabs = ({ what, tabs, here }: TabsProps) => {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <nav class="tabs" aria-label={what} ref={nav}>
      <ul>
        {tabs.map(({ path, title }) => (
          <li key={path}>
            <a href={path} aria-current={path === here ? "page" : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};
