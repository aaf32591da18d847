import type { Json } from "../../../shared/kit/canonical.ts";

/** A place in a JSON document: keys and indexes from the root on. */
export type Path = readonly (string | number)[];

type Members = { readonly [key: string]: Json | undefined };

const isList = (it: Json | undefined): it is readonly Json[] => Array.isArray(it);
const isMembers = (it: Json | undefined): it is Members => typeof it === "object" && it !== null && !isList(it);

/** A path as a JSON pointer (RFC 6901). */
export const pointerOf = (path: Path): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** What stands at a path, or nothing. Inherited names are no members. */
export const look = (document: Json | undefined, path: Path): Json | undefined => {
  let here: Json | undefined = document;
  for (const key of path) {
    if (isList(here)) here = here[Number(key)];
    else if (isMembers(here) && Object.hasOwn(here, key)) here = here[key];
    else return undefined;
  }
  return here;
};

/** The document with `value` at a path. What is missing on the way there is made: a list before an index, members before a name. */
export const put = (document: Json | undefined, path: Path, value: Json): Json => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === "number") {
    const list = isList(document) ? [...document] : [];
    list[key] = put(list[key], rest, value);
    return list;
  }
  const members = isMembers(document) ? document : {};
  return { ...members, [key]: put(Object.hasOwn(members, key) ? members[key] : undefined, rest, value) };
};

/** The document without what stands at a path. What held it stays, even empty. */
export const drop = (document: Json, path: Path): Json => {
  const [key, ...rest] = path;
  if (key === undefined) return document;
  if (rest.length > 0) {
    const inner = look(document, [key]);
    return inner === undefined ? document : put(document, [key], drop(inner, rest));
  }
  if (isList(document)) return document.filter((_, index) => index !== key);
  return isMembers(document)
    ? (Object.fromEntries(Object.entries(document).filter(([name]) => name !== key)) as Json)
    : document;
};

const isBare = (it: Json | undefined): boolean => isMembers(it) && Object.keys(it).length === 0;

/** The document without what stands at a path, and without the members around it that it leaves empty. */
export const prune = (document: Json, path: Path): Json => {
  const without = drop(document, path);
  const around = path.slice(0, -1);
  return around.length > 0 && isBare(look(without, around)) ? prune(without, around) : without;
};

/** The document in which a member at `path` has another name, in the same place among the others. */
export const rename = (document: Json, path: Path, from: string, to: string): Json => {
  const members = look(document, path);
  if (!isMembers(members)) return document;
  const renamed = Object.entries(members).map(([name, value]) => [name === from ? to : name, value]);
  return put(document, path, Object.fromEntries(renamed) as Json);
};

/** The names of the members at a path, in their order. */
export const namesAt = (document: Json, path: Path): readonly string[] => {
  const members = look(document, path);
  return isMembers(members) ? Object.keys(members) : [];
};

/** The entries of the list at a path; nothing there, or something else, is no entry. */
export const listAt = (document: Json, path: Path): readonly Json[] => {
  const list = look(document, path);
  return isList(list) ? list : [];
};

/** The document with every value rewritten by `change`, leaves first; `path` says where each stood. */
export const rewrite = (document: Json, change: (value: Json, path: Path) => Json, path: Path = []): Json => {
  if (isList(document))
    return change(
      document.map((it, index) => rewrite(it, change, [...path, index])),
      path,
    );
  if (!isMembers(document)) return change(document, path);
  const members = Object.entries(document).map(([name, value]) => [
    name,
    value === undefined ? value : rewrite(value, change, [...path, name]),
  ]);
  return change(Object.fromEntries(members) as Json, path);
};
