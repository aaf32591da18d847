import type { Reader } from "../engine/reader.ts";

interface Named {
  readonly name: string;
}

/** What the brand calls itself. */
export const brandName = async (reader: Reader): Promise<string> =>
  ((await reader.private("brand")) as Named | undefined)?.name ?? "A brand";

/** What an influencer is called; someone erased is still someone. */
export const influencerName = async (reader: Reader, influencer: string): Promise<string> =>
  ((await reader.private(`influencer/${influencer}`)) as Named | undefined)?.name ?? "Someone";
