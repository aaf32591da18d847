import { closePoll } from "../../../shared/wire/brand.ts";
import { percent, whole } from "../kit/figures.ts";
import { useSubmit } from "../kit/submit.ts";
import type { CampaignPage, PollPage } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Refused } from "../parts/form.tsx";
import { Moving } from "../parts/moving.tsx";
import { Badge, Card } from "../parts/small.tsx";
import { QuestionResult } from "./poll-result.tsx";

const openWord = { title: "Open", tone: "good", says: "Shown on the campaign's landing pages." } as const;
const closedWord = { title: "Closed", tone: "plain", says: "No longer shown; its answers stay." } as const;

const rate = ({ shown, responses }: PollPage): string =>
  shown > 0 ? ` · ${percent(Math.round((responses / shown) * 1_000_000))} answered` : "";

const OnePoll = ({ it, onChange }: { readonly it: PollPage; readonly onChange: () => void }) => {
  const close = useSubmit(closePoll, onChange);
  return (
    <article class="poll" data-testid="poll" data-poll={it.poll.id}>
      <header class="card-head">
        <h3>
          {it.poll.title} <Badge word={it.open ? openWord : closedWord} />
        </h3>
        {it.open && (
          <Button
            small
            kind="quiet"
            busy={close.busy.value}
            testid="close-poll"
            onPress={() => void close.submit({ params: { poll: it.poll.id }, body: {} })}
          >
            Close poll
          </Button>
        )}
      </header>
      <p class="quiet">
        <Moving value={it.responses} write={whole} testid="poll-responses" />{" "}
        {it.responses === 1 ? "answer" : "answers"} · shown {it.shown === 1 ? "once" : `${whole(it.shown)} times`}
        {rate(it)}
      </p>
      {close.problem.value && <Refused problem={close.problem.value} />}
      {it.poll.questions.map((question) => (
        <QuestionResult key={question.id} question={question} of={it} />
      ))}
    </article>
  );
};

/** What visitors say, as they say it. */
export const Polls = ({ page, onChange }: { readonly page: CampaignPage; readonly onChange: () => void }) => (
  <Card title="Polls" aside={<a href={`/campaigns/${page.campaign.id}/poll`}>New poll</a>}>
    {page.polls.length === 0 && (
      <p class="quiet">No poll yet. One question on the landing page tells you more than a guess.</p>
    )}
    {page.polls.map((it) => (
      <OnePoll key={it.poll.id} it={it} onChange={onChange} />
    ))}
  </Card>
);
