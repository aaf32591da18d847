import type { AttributionTerms } from "../../../shared/judge/attribution.ts";
import { models } from "../../../shared/judge/models.ts";
import { houseAttribution } from "../../../shared/judge/verdict.ts";
import { percent } from "../kit/figures.ts";
import type { Considered, ConversionPage, VerdictPart } from "../kit/wire.ts";
import { sentence, touches, touchReason } from "../kit/words.ts";
import { ShareBar, toneOf } from "../parts/sharebar.tsx";
import { Card, When } from "../parts/small.tsx";
import { ContextShown } from "./conversion-context.tsx";

const HOUSE = "house";

/** One way of seeing the journey: all contracts that signed the same attribution see the same. */
interface Seen {
  readonly attribution: AttributionTerms;
  readonly considered: readonly Considered[];
  readonly shares: VerdictPart["shares"];
  readonly names: readonly string[];
  readonly context?: VerdictPart["context"];
}

const seenBy = (page: ConversionPage): readonly Seen[] => {
  const groups = new Map<string, Seen>();
  for (const { attribution, considered, shares, influencerName, context } of page.parts) {
    const key = JSON.stringify([attribution, considered, context]);
    const names = [...(groups.get(key)?.names ?? []), influencerName];
    groups.set(key, { attribution, considered, shares, names, context });
  }
  if (groups.size > 0 || !page.house) return [...groups.values()];
  const { considered, shareMicro } = page.house;
  return [
    { attribution: houseAttribution, considered, shares: [{ payee: HOUSE, label: "House", shareMicro }], names: [] },
  ];
};

interface Payee {
  readonly label: string;
  readonly tone: string;
}

type Who = ReadonlyMap<string, Payee>;

/** Every payee's label, whichever contract's shares name it. */
const labelsIn = (page: ConversionPage): ReadonlyMap<string, string> =>
  new Map([
    ...page.parts.map(({ contract, influencerName }) => [contract, influencerName] as const),
    ...page.parts.flatMap(({ shares }) => shares.map(({ payee, label }) => [payee, label] as const)),
  ]);

const payees = (seen: Seen, page: ConversionPage): Who => {
  const all = new Map<string, Payee>();
  const labels = labelsIn(page);
  for (const payee of [
    ...page.parts.map(({ contract }) => contract),
    ...seen.considered.map(({ touch }) => touch.payee),
    ...(seen.context?.effects ?? []).map((it) => it.payee),
  ]) {
    if (all.has(payee)) continue;
    const others = [...all.values()].filter(({ tone }) => tone !== HOUSE).length;
    const label = labels.get(payee) ?? (payee === HOUSE ? "House" : "Another influencer");
    all.set(payee, { label, tone: payee === HOUSE ? HOUSE : toneOf(others) });
  }
  return all;
};

const Touch = ({ it, payee }: { readonly it: Considered; readonly payee: Payee | undefined }) => (
  <li class={it.in ? "touch" : "touch out"} data-testid="touch" data-in={it.in} data-share-micro={it.shareMicro}>
    <span class={`dot ${it.in ? (payee?.tone ?? "") : "hollow"}`} aria-hidden="true" />
    <div>
      <p>
        <strong>{payee?.label}</strong> · {touches[it.touch.kind]}
        {it.touch.link !== "" && <span class="mono quiet"> {it.touch.link}</span>}
      </p>
      <p class="quiet">
        <When at={it.touch.at} /> · {touchReason(it.because)}
      </p>
    </div>
    <span class="num">{it.in ? percent(it.shareMicro) : "left out"}</span>
  </li>
);

const modelTitle = ({ model, windowDays, house }: AttributionTerms): string => {
  const title = Object.hasOwn(models, model) ? models[model as keyof typeof models].title : model;
  return `${title}, ${windowDays} days, house ${house}`;
};

const Timeline = ({ seen, page, who }: { readonly seen: Seen; readonly page: ConversionPage; readonly who: Who }) => (
  <ol class="timeline">
    {seen.considered.map((it) => (
      <Touch key={it.touch.id} it={it} payee={who.get(it.touch.payee)} />
    ))}
    <li class="touch end">
      <span class="dot goal" aria-hidden="true" />
      <div>
        <p>
          <strong>{sentence(page.result)}</strong>
        </p>
        <p class="quiet">
          <When at={page.at} />
        </p>
      </div>
    </li>
  </ol>
);

interface JourneyProps {
  readonly seen: Seen;
  readonly page: ConversionPage;
  readonly alone: boolean;
  readonly open: boolean;
}

const Journey = ({ seen, page, alone, open }: JourneyProps) => {
  const who = payees(seen, page);
  return (
    <Card title={alone ? "Journey" : `Journey under the terms of ${seen.names.join(", ")}`} testid="journey">
      <p class="quiet">{modelTitle(seen.attribution)}</p>
      <ShareBar
        what="Shares"
        parts={seen.shares.map(({ payee, label, shareMicro }) => ({
          key: payee,
          label,
          weight: shareMicro,
          written: percent(shareMicro),
          tone: who.get(payee)?.tone ?? HOUSE,
          testid: "share",
          exact: shareMicro,
        }))}
      />
      {seen.context && (
        <ContextShown
          attribution={seen.attribution}
          context={seen.context}
          result={page.result}
          payeeOf={(payee) => who.get(payee) ?? { label: payee, tone: "other" }}
        />
      )}
      <details open={open}>
        <summary>{seen.considered.length === 1 ? "One touch" : `${seen.considered.length} touches`} on the way</summary>
        <Timeline seen={seen} page={page} who={who} />
      </details>
      {seen.considered.length === 0 && <p class="quiet">Nothing is known of the way here, so it is the house's.</p>}
    </Card>
  );
};

/** How somebody came to convert, touch by touch, and how the credit was shared. */
export const Journeys = ({ page }: { readonly page: ConversionPage }) => {
  const all = seenBy(page);
  return (
    <>
      {all.map((seen, place) => (
        <Journey key={seen.names.join()} seen={seen} page={page} alone={all.length === 1} open={place === 0} />
      ))}
    </>
  );
};
