import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

/** One built file and what it weighs, in bytes: as it is, gzip 9, brotli 11. */
interface Built {
  readonly path: string;
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const out = `${root}dist/widget/`;

const weigh = async (path: string): Promise<Built> => {
  const bytes = await readFile(path);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
  });
  return { path, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli.length };
};

const bundle = async (entry: string, name: string, format: "iife" | "esm"): Promise<Built> => {
  await build({
    entryPoints: [`${root}widget/${entry}`],
    outfile: out + name,
    bundle: true,
    minify: true,
    format,
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx", jsxImportSource: "preact" } },
  });
  return weigh(out + name);
};

/** Build what pages embed: the tag as a classic script, the poll as a module that the tag imports. */
export const buildWidget = async (): Promise<{ readonly tag: Built; readonly poll: Built }> => {
  await mkdir(out, { recursive: true });
  const [tag, poll] = await Promise.all([bundle("tag.ts", "tag.js", "iife"), bundle("poll.tsx", "poll.js", "esm")]);
  return { tag, poll };
};

if (import.meta.main) console.table(await buildWidget(), ["raw", "gzip", "brotli"]);
