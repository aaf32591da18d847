import type { FactOf } from "../../shared/fact.ts";
import { type Book, put, read } from "./book.ts";
import { atKey, type CampaignSumDoc, type ConversionDoc } from "./shapes.ts";

type Verdict = Pick<FactOf<"conversion-judged">, "parts" | "grade">;

const emptySum: CampaignSumDoc = { results: {}, grades: {}, credited: {} };

const more = (counts: Readonly<Record<string, number>>, key: string, by: number) => ({
  ...counts,
  [key]: (counts[key] ?? 0) + by,
});

const summed = async (book: Book, campaign: string, change: (sum: CampaignSumDoc) => CampaignSumDoc): Promise<void> =>
  put(book, `sum/${campaign}`, change((await read<CampaignSumDoc>(book, `sum/${campaign}`)) ?? emptySum));

/** A conversion counts in these campaigns, and stands in their lists. */
export const sumRecorded = async (
  book: Book,
  { result, at, conversion }: ConversionDoc["recorded"],
  campaigns: readonly string[],
): Promise<void> => {
  for (const campaign of campaigns) {
    await summed(book, campaign, (sum) => ({ ...sum, results: more(sum.results, result, 1) }));
    put(book, `recent/${campaign}/${atKey(at)}/${conversion}`, {});
  }
};

/** What a verdict credits and how it grades is added to the campaigns of its conversion, or taken off again. */
export const sumJudged = async (
  book: Book,
  { recorded: { campaigns, result } }: ConversionDoc,
  verdict: Verdict | null,
  by: 1 | -1,
): Promise<void> => {
  if (!verdict) return;
  for (const campaign of campaigns)
    await summed(book, campaign, (sum) => {
      let credited = sum.credited;
      for (const { contract, shareMicro } of verdict.parts.filter((it) => it.campaign === campaign))
        credited = { ...credited, [contract]: more(credited[contract] ?? {}, result, by * shareMicro) };
      const grades = result === "lead" ? more(sum.grades, verdict.grade.verdict, by) : sum.grades;
      return { ...sum, credited, grades };
    });
};

/**
 * A conversion that is credited to a campaign's contract is that campaign's, though whoever reported it could not tell:
 * from now on it counts there, with what was judged of it before.
 */
export const sumPlaced = async (book: Book, doc: ConversionDoc, { parts }: Verdict): Promise<ConversionDoc> => {
  const { campaigns } = doc.recorded;
  const credited = parts.filter(({ shareMicro }) => shareMicro > 0).map(({ campaign }) => campaign);
  const fresh = [...new Set(credited)].filter((campaign) => !campaigns.includes(campaign));
  if (fresh.length === 0) return doc;
  await sumRecorded(book, doc.recorded, fresh);
  await sumJudged(book, { ...doc, recorded: { ...doc.recorded, campaigns: fresh } }, doc.verdict, 1);
  return { ...doc, recorded: { ...doc.recorded, campaigns: [...campaigns, ...fresh] } };
};
