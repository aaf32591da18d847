import type * as v from "valibot";
import { emptyTally, type Tally } from "../../shared/audience/poll.ts";
import type { PollPage } from "../../shared/wire/shown.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { PollDoc } from "../engine/shapes.ts";

const MOST_TEXTS = 50;

/** A poll as a visitor meets it. */
export const pollShown = ({ poll, title, questions, thanks, showResults }: PollDoc) => ({
  id: poll,
  title,
  questions: [...questions],
  thanks,
  showResults,
});

/** A poll and its answers so far. */
export const pollPage = async (reader: Reader, id: string): Promise<v.InferOutput<typeof PollPage>> => {
  const doc = await known<PollDoc>(reader, `poll/${id}`);
  const tally = (await read<Tally>(reader, `tally/${id}`)) ?? emptyTally;
  const texts = await reader.privates(`poll-text/${id}/`, MOST_TEXTS);
  return {
    campaign: doc.campaign,
    open: doc.open,
    createdAt: doc.createdAt,
    poll: pollShown(doc),
    shown: await reader.counted(`shown/${id}`),
    responses: tally.responses,
    tally: Object.fromEntries(Object.entries(tally.questions).map(([key, counts]) => [key, { ...counts }])),
    texts: texts.map(([, body]) => body as { question: string; text: string; at: number }),
  };
};
