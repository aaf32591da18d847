import type { DisputePage } from "../kit/wire.money.ts";
import { disputeEvent, nameOf } from "../kit/words.money.ts";
import { Card, When } from "../parts/small.tsx";
import { SplitBar } from "./dispute-split.tsx";

type Event = DisputePage["events"][number];
type Said = DisputePage["said"][number];

/** Something that happened, with what was said and proposed at that step. */
interface Step {
  readonly event: Event;
  readonly said: Said | undefined;
  readonly proposal: DisputePage["proposals"][number] | undefined;
}

/** What happened, step by step, the words and splits that belong to each beside it. */
const stepsOf = ({ events, said, proposals }: DisputePage): readonly Step[] => {
  let proposed = 0;
  return events.map((event) => {
    const place = event.what === "proposed" ? proposed++ : undefined;
    const decided = event.what === "resolved" && event.because === "decided" ? "decided" : event.what;
    const step = place === undefined ? decided : `proposed-${place}`;
    return {
      event,
      said: said.find((it) => it.step === step),
      proposal: proposals.find((it) => it.proposal === place),
    };
  });
};

const isParty = (by: string): by is DisputePage["you"] => by === "brand" || by === "influencer" || by === "mediator";

const whoDid = (page: DisputePage, { by, what }: Event): string => {
  if (what === "reminded") return "Both sides were reminded of the deadline";
  const who = isParty(by) ? nameOf(page, by) : "Makegood";
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${disputeEvent(what)}`;
};

const Words = ({ said }: { readonly said: Said }) => (
  <>
    {said.text && <p class="said">{said.text}</p>}
    {said.links.length > 0 && (
      <ul class="said-links">
        {said.links.map((link) => (
          <li key={link}>
            <a href={link} target="_blank" rel="noopener noreferrer nofollow">
              {link}
            </a>
          </li>
        ))}
      </ul>
    )}
  </>
);

/** Everything that was said and done, the oldest first. */
export const Talk = ({ page }: { readonly page: DisputePage }) => (
  <Card title="What was said and done">
    <ol class="talk" data-testid="talk">
      {stepsOf(page).map(({ event, said, proposal }) => (
        <li key={`${event.at} ${event.what}`} data-what={event.what} data-by={event.by}>
          <p>
            <strong>{whoDid(page, event)}</strong>{" "}
            <span class="quiet">
              <When at={event.at} />
            </span>
          </p>
          {proposal && <SplitBar of={page} split={proposal} what="The split proposed" />}
          {said && <Words said={said} />}
        </li>
      ))}
    </ol>
  </Card>
);
