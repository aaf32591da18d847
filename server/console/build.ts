import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The console as built: its folder, and what each file weighs. `version` changes whenever a script or style does. */
export interface BuiltConsole {
  readonly folder: string;
  readonly version: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = fileURLToPath(new URL("../../dist/console/", import.meta.url));

const bundle = async (): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> => {
  const { outputFiles } = await build({
    entryPoints: { app: `${here}main.tsx`, verify: `${here}verify/main.tsx` },
    outdir: folder,
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox128", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx", jsxImportSource: "preact" } },
  });
  return outputFiles.map(({ path, contents }) => ({ name: path.slice(folder.length), bytes: contents }));
};

/** The pages, by the name they are built under. */
const pages = { "index.html": "page.html", "verify.html": "verify/page.html" } as const;

/**
 * Build the web app into `dist/console`: `index.html`, `app.js`, `app.css`, and the page that checks contracts:
 * `verify.html`, `verify.js`, `verify.css`. A page names its other two with their version as a query, so they may be
 * cached for ever, while the page itself must be asked for each time.
 */
export const buildConsole = async (): Promise<BuiltConsole> => {
  const assets = await bundle();
  const hash = createHash("sha256");
  for (const { bytes } of assets) hash.update(bytes);
  const version = hash.digest("hex").slice(0, 12);
  const named = async ([name, source]: readonly [string, string]) => {
    const page = (await readFile(here + source, "utf8")).replace(/"(\/\w+\.(?:js|css))"/g, `"$1?v=${version}"`);
    return { name, bytes: new TextEncoder().encode(page) };
  };
  const files = [...assets, ...(await Promise.all(Object.entries(pages).map(named)))];
  await mkdir(folder, { recursive: true });
  // The pages last, so that they never name files that are not there yet.
  for (const { name, bytes } of files) await writeFile(folder + name, bytes);
  return { folder, version, files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length })) };
};

if (import.meta.main) console.table((await buildConsole()).files);
