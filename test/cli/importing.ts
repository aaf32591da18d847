import { expect } from "vitest";
import { readerOf } from "../../server/engine/reader.ts";
import type { ConversionDoc } from "../../server/engine/shapes.ts";
import type { Past } from "./past.ts";

/** Imports into a brand's only campaign, and what they must leave behind. */
export const importsInto = (past: Past) => {
  const reader = readerOf(past.world.store, past.brand);
  const importing = (file: string, content: string | Buffer, ...argv: readonly string[]) => {
    past.write(file, content);
    return past.run("import", file, "--campaign", "Summer", ...argv);
  };
  /** Where the chain ends, how many touches there are, and what is kept beside. */
  const everything = async () => ({
    head: await past.world.store.head(past.brand),
    order: await past.world.store.lastOrder(),
    privates: await reader.privates("", 10_000),
  });
  return {
    reader,
    importing,
    everything,
    /** An import that must be taken in: what it came to. */
    imported: async (file: string, content: string | Buffer, ...argv: readonly string[]) => {
      const { exit, out, err } = await importing(file, content, "--json", ...argv);
      expect([exit, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
      return { ...JSON.parse(out), notes: err };
    },
    /** An import that must be refused, with nothing left behind: its sentence. */
    refused: async (file: string, content: string | Buffer, ...argv: readonly string[]): Promise<string> => {
      const before = await everything();
      const { exit, out, err } = await importing(file, content, ...argv);
      expect([exit, out]).toEqual([1, ""]);
      expect(await everything()).toEqual(before);
      return err;
    },
    conversions: async () =>
      (await reader.documents("conversion/")).map(([, body]) => body as unknown as ConversionDoc),
    /** The ids of influencers, by their names. */
    influencers: async () =>
      new Map(
        (await reader.privates("influencer/", 1000)).map(([key, body]) => [
          (body as { name: string }).name,
          key.slice("influencer/".length),
        ]),
      ),
  };
};
