import type { ComponentType } from "preact";
import type { IconName } from "../parts/icon.tsx";

/** What a view is given: the parts of the path, and what follows `?` and `#`. */
export interface ViewProps {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly hash: URLSearchParams;
}

/** One page of the app. `brand`: for those who own one. `open`: shown to anybody, without the app around it, `wide` where it needs room. `section`: the entry of the menu it belongs to. `steady`: another query is another look at the same page, which stays. */
export interface Route {
  readonly path: string;
  readonly title: string;
  readonly view: ComponentType<ViewProps>;
  readonly brand?: boolean;
  readonly open?: boolean;
  readonly wide?: boolean;
  readonly section?: IconName;
  readonly steady?: boolean;
}

/** The parts of `path` that `pattern` names, or nothing when it is another page's: `/campaigns/:campaign`. */
export const matched = (pattern: string, path: string): Readonly<Record<string, string>> | null => {
  const [asked, given] = [pattern.split("/"), path.replace(/(?<=.)\/$/, "").split("/")];
  if (asked.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of asked.entries()) {
    const part = given[index] ?? "";
    if (!name.startsWith(":") && name !== part) return null;
    if (name.startsWith(":")) params[name.slice(1)] = decoded(part);
  }
  return params;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
