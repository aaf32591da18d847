import { useMemo } from "preact/hooks";
import { isModelName, models } from "../../shared/judge/models.ts";
import { conversion as door } from "../../shared/wire/influencer.ts";
import { conversionSeen, keepConversion } from "../app/cache.ts";
import { cached } from "../app/pocket.ts";
import { reachAs } from "../app/reach.ts";
import { recomputeConversion } from "../app/recompute.ts";
import type { ConversionPage, ExplainedStatement, VerdictPart } from "../app/shelves.ts";
import { money, part as percentOf, resultName, resultTitle, when } from "../app/speak.ts";
import { tell, tellCount, tellNumber } from "../app/words.ts";
import { statementSource, useEvidence } from "./evidence.ts";
import { Frame } from "./frame.tsx";
import { Journey } from "./journey.tsx";
import { Mark } from "./mark.tsx";
import { gradeName, lineName, payeeName, stageName } from "./names.ts";
import { useRecomputed } from "./recomputed.ts";

const Summary = ({ page, part }: { page: ConversionPage; part: VerdictPart }) => (
  <section class="card summary">
    <div class="row spread">
      <span class="total" data-testid="conversion-amount" data-amount-minor={part.amountMinor}>
        {money(part.amountMinor, part.currency)}
      </span>
      <span class={`chip ${part.stage}`}>{stageName(part.stage)}</span>
    </div>
    <p class="fine">
      {tell("yourShare", percentOf(part.shareMicro), resultName(page.result, 1_000_000))}
      {page.valueMinor !== undefined && ` · ${money(page.valueMinor, page.currency ?? part.currency)}`}
    </p>
  </section>
);

const SharesOf = ({ part }: { part: VerdictPart }) => (
  <section class="card">
    <h2>{tell("sharesTitle")}</h2>
    <ul class="plain">
      {part.shares.map(({ payee, shareMicro }) => (
        <li key={payee} class="line">
          <span class="line-name">{payeeName(payee, part)}</span>
          <span class="figure">{percentOf(shareMicro)}</span>
        </li>
      ))}
    </ul>
  </section>
);

const GradeOf = ({ grade }: { grade: VerdictPart["grade"] }) => (
  <section class="card">
    <h2>{tell("gradeTitle")}</h2>
    <p>
      <span class={`chip ${grade.verdict}`}>{gradeName(grade.verdict)}</span>{" "}
      {tell("gradeScore", tellNumber(grade.score))}
    </p>
    {grade.reasons.length === 0 && <p class="muted">{tell("gradeClean")}</p>}
    <ul class="plain">
      {grade.reasons.map(({ code, weight, because }) => (
        <li key={code} class="line">
          <span class="because" lang="en">
            {because}
          </span>
          <span class="figure">{weight > 0 ? `+${tellNumber(weight)}` : tellNumber(weight)}</span>
        </li>
      ))}
    </ul>
  </section>
);

const LinesOf = ({ part }: { part: VerdictPart }) => (
  <section class="card">
    <h2>{tell("linesTitle")}</h2>
    {part.lines.length === 0 && <p class="muted">{tell("noLines")}</p>}
    <ul class="plain">
      {part.lines.map((line) => (
        <li key={`${line.code} ${line.because}`} class="line">
          <span class="line-name">{lineName(line.code)}</span>
          <span class="figure">{money(line.amountMinor, part.currency)}</span>
          <span class="fine because" lang="en">
            {line.because}
          </span>
        </li>
      ))}
    </ul>
  </section>
);

const EventsOf = ({ events }: { events: ConversionPage["events"] }) => (
  <section class="card">
    <h2>{tell("eventsTitle")}</h2>
    <ul class="plain">
      {events.map(({ at, what, by, because }) => (
        <li key={`${at} ${what}`} class="line">
          <span class="line-name" lang="en">
            {what}
            {because ? ` · ${because}` : ""}
          </span>
          <span class="fine">
            {when(at)} · {by}
          </span>
        </li>
      ))}
    </ul>
  </section>
);

const modelName = (name: string): string => (isModelName(name) ? models[name].title : name);

interface Whole {
  readonly page: ConversionPage;
  readonly contract: string;
  /** The statement it is part of; `undefined` while that is not known, `null` where it cannot be. */
  readonly statement: ExplainedStatement | null | undefined;
}

const Explained = ({ page, part, statement }: Pick<Whole, "page" | "statement"> & { part: VerdictPart }) => {
  const whole = useRecomputed(statement ?? undefined);
  const isKnown = statement === null || (statement !== undefined && whole !== undefined);
  const agrees = whole?.verdict === "same";
  const found = useMemo(
    () => (isKnown ? recomputeConversion(page, part, statement ?? undefined, agrees) : undefined),
    [page, part, statement, isKnown, agrees],
  );
  return (
    <>
      <Mark found={found} currency={part.currency} />
      <Summary page={page} part={part} />
      <section class="card">
        <h2>{tell("journeyTitle")}</h2>
        <p class="fine">
          {tellCount("window", part.attribution.windowDays)} · {tell("model", modelName(part.attribution.model))}
        </p>
        <Journey part={part} end={page} />
      </section>
      <SharesOf part={part} />
      <GradeOf grade={part.grade} />
      <LinesOf part={part} />
      {page.events.length > 0 && <EventsOf events={page.events} />}
    </>
  );
};

const Shown = ({ page, contract, statement }: Whole) => {
  const part = page.parts.find((it) => it.contract === contract);
  if (!part) return <p class="card muted">{tell("notYours")}</p>;
  return <Explained page={page} part={part} statement={statement} />;
};

/** Why one conversion brought what it did: its journey, shares, grade, rules and cents. */
export const ConversionView = ({ contract, conversion }: { contract: string; conversion: string }) => {
  const earnings = cached.value.earnings.find((it) => it.contract === contract);
  const { value, trouble } = useEvidence(
    {
      seen: () => conversionSeen(conversion),
      ask: (connection) => reachAs(connection, door, { params: { conversion } }),
      keep: keepConversion,
    },
    earnings,
  );
  const of = useEvidence(statementSource(contract), earnings);
  const missing = of.trouble === "" ? undefined : null;
  return (
    <Frame
      title={value ? resultTitle(value.result) : tell("conversion")}
      below={<p class="muted">{value && when(value.at)}</p>}
    >
      {trouble && <p class="note">{trouble}</p>}
      {value && <Shown page={value} contract={contract} statement={of.value ?? missing} />}
      {!value && !trouble && <p class="muted">{tell("loading")}</p>}
    </Frame>
  );
};
