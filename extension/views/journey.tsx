import type { ConversionPage, VerdictPart } from "../app/shelves.ts";
import { part as percentOf, resultTitle, when } from "../app/speak.ts";
import { tell } from "../app/words.ts";
import { payeeName, touchName, touchReason } from "./names.ts";

type Considered = VerdictPart["considered"][number];

const whose = ({ touch }: Considered, part: VerdictPart): string => {
  if (touch.payee === part.contract) return touch.link === "" ? tell("you") : tell("yourLink", touch.link);
  return payeeName(touch.payee, part);
};

const Touch = ({ considered, part }: { considered: Considered; part: VerdictPart }) => {
  const mine = considered.touch.payee === part.contract;
  const counts = considered.in ? "in" : "out";
  return (
    <li class={`touch ${counts} ${mine ? "mine" : ""}`} data-testid="touch" data-in={considered.in}>
      <div class="row spread">
        <span class="line-name">
          {touchName(considered.touch.kind)} · {whose(considered, part)}
        </span>
        <span class="figure">{considered.in ? percentOf(considered.shareMicro) : "–"}</span>
      </div>
      <span class="fine">
        {when(considered.touch.at)} · {touchReason(considered.because)}
      </span>
    </li>
  );
};

/** Every touch on the way to a conversion, in order, with what it was credited and why it counted or did not. */
export const Journey = ({ part, end }: { part: VerdictPart; end: Pick<ConversionPage, "at" | "result"> }) => (
  <ol class="journey">
    {part.considered.map((considered) => (
      <Touch key={considered.touch.id} considered={considered} part={part} />
    ))}
    <li class="touch end">
      <span class="line-name">{resultTitle(end.result)}</span>
      <span class="fine">{when(end.at)}</span>
    </li>
  </ol>
);
