import type { Party } from "../../../shared/contract/contract.ts";
import { isDay } from "../../../shared/kit/time.ts";
import { partyName } from "../kit/contract.ts";
import { day } from "../kit/figures.ts";
import type { Contract } from "../kit/wire.ts";
import { contractEvent, declines } from "../kit/words.ts";
import { Card, When } from "../parts/small.tsx";

type Event = Contract["history"][number];

/** A reason's code, a day, or hours, as they are said. */
const because = (text: string): string => {
  if (isDay(text)) return day(text);
  return Object.hasOwn(declines, text) ? `“${declines[text as keyof typeof declines]}”` : text;
};

const said = (it: Event): string => {
  const words = [contractEvent(it.what), ...(it.because === undefined ? [] : [because(it.because)])];
  return it.what === "declined" ? words.join(": ") : words.join(" ");
};

const Row = ({ it, contract }: { readonly it: Event; readonly contract: Contract }) => {
  const who = it.by === "clock" ? "by itself" : `by ${partyName(contract, it.by satisfies Party)}`;
  return (
    <li data-testid="event" data-what={it.what}>
      <span class="quiet">
        <When at={it.at} />
      </span>
      <span>
        {said(it)}{" "}
        <span class="quiet">
          {who}
          {it.version !== undefined && ` · version ${it.version}`}
        </span>
        {it.note && <span class="note-beside break">“{it.note}”</span>}
      </span>
    </li>
  );
};

/** What has happened to a contract, the newest first. */
export const History = ({ it }: { readonly it: Contract }) =>
  it.history.length === 0 ? null : (
    <Card title="History">
      <ol class="history" data-testid="history">
        {it.history.toReversed().map((event, place) => (
          <Row key={`${event.at} ${it.history.length - place}`} it={event} contract={it} />
        ))}
      </ol>
    </Card>
  );
