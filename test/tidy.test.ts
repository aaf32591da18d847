import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { doors } from "../shared/wire/doors.ts";

const sources = globSync("{shared,server,widget,extension}/**/*.{ts,tsx}", {
  exclude: (path) => path.includes(".wxt") || path.includes(".output"),
}).sort();
const text = (file: string): string => readFileSync(file, "utf8");

/** Who may import whom. A room may always import itself; the deepest room a file lies in decides. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "shared/kit": [],
  "shared/journey": ["shared/kit"],
  shared: ["shared"],
  "server/console": ["shared"],
  "server/store": ["shared"],
  "server/engine": ["shared", "server/store"],
  "server/partners": ["shared"],
  "server/people": ["shared"],
  "server/decisions": ["shared", "server/engine", "server/partners"],
  "server/shown": ["shared", "server/engine"],
  server: ["shared", "server"],
  widget: ["shared"],
  extension: ["shared", "package.json"],
};

const roomOf = (file: string): string =>
  Object.keys(mayImport)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? "";

const importsOf = (file: string): readonly string[] =>
  [...text(file).matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)].map(([, to]) =>
    normalize(join(dirname(file), to ?? "")),
  );

test("every room imports only what it may", () => {
  const strangers = sources.flatMap((file) => {
    const room = roomOf(file);
    const allowed = [room, ...(mayImport[room] ?? [])];
    return importsOf(file)
      .filter((to) => to !== "package.json" && !allowed.some((name) => to.startsWith(`${name}/`)))
      .map((to) => `${file} imports ${to}`);
  });
  expect(strangers).toEqual([]);
});

test("every export of the law says what it means", () => {
  const silent = sources
    .filter((file) => file.startsWith("shared/"))
    .flatMap((file) => {
      const lines = text(file).split("\n");
      return lines.flatMap((line, index) => {
        const opens = /^export (const|function|interface|type) /.test(line);
        return opens && !lines[index - 1]?.trimEnd().endsWith("*/") ? [`${file}:${index + 1} ${line}`] : [];
      });
    });
  expect(silent).toEqual([]);
});

test("no file is called by a name that says nothing", () => {
  const empty = /(^|[./-])(utils?|helpers?|managers?|services?|handlers?|data|info|misc|common|stuff)([./-]|$)/;
  expect(sources.filter((file) => empty.test(file))).toEqual([]);
});

test("nothing is left undone, and nothing speaks of the place it was written in", () => {
  const files = [...sources, ...globSync("test/**/*.{ts,tsx}"), "README.md"].filter(
    (file) => file !== "test/tidy.test.ts",
  );
  const undone = new RegExp(["TO", "DO\\b|FIX", "ME\\b|/work", "/main|not ", "implemented"].join(""));
  expect(files.filter((file) => undone.test(text(file)))).toEqual([]);
});

test("every door of the wire is opened by the server, and none twice", () => {
  const addresses = Object.values(doors).map(({ method, path }) => `${method} ${path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
  const server = sources
    .filter((file) => file.startsWith("server/doors") || file === "server/app.ts")
    .map(text)
    .join("\n");
  const closed = Object.keys(doors).filter((name) => !new RegExp(`\\b(wire\\.)?${name}\\b`).test(server));
  expect(closed).toEqual([]);
});

test("the README leads through files that exist", () => {
  const named = [
    ...text("README.md").matchAll(/`((?:shared|server|widget|extension|test)\/[\w./-]*\w\.(?:tsx?|json|mjs))`/g),
  ].map(([, file]) => file ?? "");
  expect(named.length).toBeGreaterThan(15);
  const known = new Set(globSync("{shared,server,widget,extension,test}/**/*.{ts,tsx,json,mjs}"));
  expect(named.filter((file) => !known.has(file))).toEqual([]);
});
