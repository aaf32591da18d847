import { attributionPage } from "../../../shared/wire/attribution.ts";
import { campaign } from "../../../shared/wire/brand.ts";
import { ask } from "../kit/ask.ts";
import {
  modelName,
  partly,
  placedFault,
  rowsOf,
  type Wish,
  whoOf,
  wished,
  wishOf,
  worthOf,
} from "../kit/attribution.ts";
import { day, money, results, whole } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import { restate } from "../kit/place.ts";
import type { ViewProps } from "../kit/route.ts";
import { type Steady, useSteady } from "../kit/steady.ts";
import type { AttributionPage } from "../kit/wire.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Head } from "../parts/small.tsx";
import { Empty, Failed, Skeleton } from "../parts/states.tsx";
import { CreditedTwice } from "./attribution-credited.tsx";
import { Weights } from "./attribution-fits.tsx";
import { Holdouts } from "./attribution-holdouts.tsx";
import { Switcher } from "./attribution-model.tsx";
import { Paths } from "./attribution-paths.tsx";
import { Planner } from "./attribution-planner.tsx";
import { Removal } from "./attribution-removal.tsx";
import { TimeAndLength } from "./attribution-time.tsx";

const HALF_MICRO = 500_000;

/** How much would go to somebody else, in one sentence. */
const headlineOf = (page: AttributionPage): string => {
  const { moved, whatIf, valueMinor, conversions } = page;
  const worth = worthOf(page);
  const under = `Under ${modelName(whatIf.model)}, `;
  const isMoved = moved.conversionsMicro > 0 || moved.valueMinor > 0;
  if (!isMoved) return `${under}everybody would be credited as they are now.`;
  if (worth && moved.valueMinor > 0)
    return `${under}${money(moved.valueMinor, worth)} (${partly(moved.valueMinor / valueMinor)}) would go to somebody else.`;
  const part = partly(moved.conversionsMicro / 1_000_000 / Math.max(1, conversions));
  const unit = Math.abs(moved.conversionsMicro - 2 * HALF_MICRO) < 1 ? "conversion" : "conversions";
  return `${under}${results(moved.conversionsMicro)} ${unit} (${part}) would go to somebody else.`;
};

const titleOf = (page: AttributionPage | null, faulty: boolean): string => {
  if (page && page.conversions > 0) return headlineOf(page);
  return faulty ? "That cannot be computed as it stands." : "Choose a model to see who would be credited.";
};

interface HeadlineProps {
  readonly page: AttributionPage | null;
  readonly faulty: boolean;
}

const Headline = ({ page, faulty }: HeadlineProps) => (
  <header class="headline" aria-live="polite">
    <p class="over quiet">What if credit were shared otherwise?</p>
    <h2
      data-testid="headline"
      data-moved-micro={page?.moved.conversionsMicro}
      data-moved-minor={page?.moved.valueMinor}
    >
      {titleOf(page, faulty)}
    </h2>
    {page && page.lookedAtMicro < 1_000_000 && (
      <p class="quiet" data-testid="looked-at">
        There are so many visitors that only {partly(page.lookedAtMicro / 1_000_000)} of them, chosen by chance, were
        looked at. The proportions hold; sums are of these alone.
      </p>
    )}
  </header>
);

const Figures = ({ page }: { readonly page: AttributionPage }) => {
  const worth = worthOf(page);
  const all: readonly (readonly [string, string])[] = [
    ["Conversions", whole(page.conversions)],
    ...(worth ? [["Worth", money(page.valueMinor, worth)] as const] : []),
    ["Journeys", whole(page.journeys)],
    ["Touches", whole(page.touches)],
  ];
  return (
    <dl class="figures card" data-testid="figures">
      {all.map(([title, value]) => (
        <div key={title} class="figure">
          <dt>{title}</dt>
          <dd>
            <span class="num">{value}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
};

const Nothing = ({ page, widen }: { readonly page: AttributionPage; readonly widen: () => void }) => (
  <Empty title="Nobody converted in these days">
    <p class="quiet">
      From {day(page.from)} to {day(page.until)} there are {whole(page.journeys)} journeys and no conversion
      {page.result && ` of the kind ${page.result}`}.
    </p>
    <div class="actions centred">
      <Button onPress={widen} testid="widen">
        Look at a whole year
      </Button>
      <LinkButton href="/settings">Put the tag on your pages</LinkButton>
      <LinkButton href={`/contracts/new?campaign=${page.campaign}`}>Try out terms</LinkButton>
    </div>
    <p class="quiet">
      Is there a past elsewhere? <code>makegood import</code> reads events and paths of other tools.
    </p>
  </Empty>
);

const YEAR_DAYS = 365;

const aYearBefore = (until: string): string =>
  new Date(Date.parse(`${until}T00:00:00Z`) - (YEAR_DAYS - 1) * 86_400_000).toISOString().slice(0, 10);

interface AnsweredProps {
  readonly load: Steady<AttributionPage>;
  readonly page: AttributionPage;
  readonly change: (change: Wish) => void;
}

const Answered = ({ load, page, change }: AnsweredProps) => {
  const who = whoOf(rowsOf(page));
  const stale = load.busy || load.problem !== null;
  return (
    <div class={stale ? "steady stale" : "steady"} aria-busy={load.busy} data-testid="answered">
      {page.conversions === 0 ? (
        <Nothing page={page} widen={() => change({ from: aYearBefore(page.until), until: page.until, result: "" })} />
      ) : (
        <>
          <Figures page={page} />
          <CreditedTwice page={page} who={who} />
          <Paths page={page} who={who} />
          <Removal page={page} who={who} />
          <TimeAndLength page={page} />
        </>
      )}
    </div>
  );
};

/** Where no answer ever came, and asking otherwise would not help. */
const isHopeless = ({ shown, problem }: Steady<AttributionPage>): boolean =>
  shown === null && problem !== null && (problem.status === 404 || problem.status === 0 || problem.status >= 500);

/** A campaign's journeys: who is credited, who would be, which ways convert, and how to find out what is caused. */
export const AttributionView = ({ params, query }: ViewProps) => {
  const id = params.campaign ?? "";
  const wish = wishOf(query);
  const load = useSteady(`attribution ${id} ${wished(wish, {})}`, () =>
    ask(attributionPage, { params: { campaign: id }, query: wish }),
  );
  const named = useLoad(`campaign ${id}`, () => ask(campaign, { params: { campaign: id } })).now.value;
  const name = named.state === "here" ? named.value.campaign.name : "Campaign";
  const change = (it: Wish): void => restate(wished(wish, it));
  const { shown: page } = load;
  const problem = placedFault(load.problem);
  if (problem && isHopeless(load)) return <Failed problem={problem} again={load.again} />;
  return (
    <>
      <Head over={<a href={`/campaigns/${id}`}>{name}</a>} title="Attribution" />
      <Switcher of={{ wish, page, problem, change, again: load.again }}>
        <Headline page={page} faulty={problem !== null} />
      </Switcher>
      {page ? <Answered load={load} page={page} change={change} /> : !problem && <Skeleton lines={10} />}
      <Weights campaign={id} page={page} />
      <Planner page={page} />
      <Holdouts campaign={id} />
    </>
  );
};
