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

/** The way between pages that belong together. */
export const Tabs = ({ what, tabs, here }: TabsProps) => (
  <nav class="tabs" aria-label={what}>
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
