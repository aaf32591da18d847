import { conversion } from "../../../shared/wire/influencer.ts";
import { ask } from "../kit/ask.ts";
import { money, percent } from "../kit/figures.ts";
import { useLoad } from "../kit/load.ts";
import type { ViewProps } from "../kit/route.ts";
import { known, ownsABrand } from "../kit/session.ts";
import type { ConversionPage } from "../kit/wire.ts";
import { conversionEvent, grades, rejections, sentence, stages, ways } from "../kit/words.ts";
import { Badge, Card, Head, When } from "../parts/small.tsx";
import { Shown } from "../parts/states.tsx";
import { Decisions } from "./conversion-decisions.tsx";
import { Journeys } from "./conversion-journey.tsx";
import { Part } from "./conversion-part.tsx";

const Lead = ({ lead }: { readonly lead: Readonly<Record<string, string>> }) => (
  <Card title="What was given">
    <dl class="pairs" data-testid="lead">
      {Object.entries(lead).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    <p class="hint">Only the brand sees this; influencers never do.</p>
  </Card>
);

/** Why something happened, in words: a code of ours, a contract on the journey, or what somebody wrote. */
const reasonOf = (because: string, { parts }: ConversionPage): string => {
  const part = parts.find(({ contract }) => contract === because);
  if (part) return `For ${part.influencerName}`;
  const [, permille] = /^(\d+) ‰$/.exec(because) ?? [];
  if (permille !== undefined) return `${percent(Number(permille) * 1_000)} of it taken back`;
  const known: Readonly<Record<string, string>> = { ...ways, ...rejections };
  if (Object.hasOwn(known, because)) return known[because] ?? because;
  if (Object.hasOwn(grades, because)) return grades[because as keyof typeof grades].title;
  return /^[a-z][a-z-]*$/.test(because) ? sentence(because) : because;
};

/** Who did it, as somebody would say it. */
const doers: Readonly<Record<string, string>> = {
  brand: "the brand",
  clock: "the clock",
  page: "the landing page",
  server: "the brand's server",
};

const History = ({ page }: { readonly page: ConversionPage }) => (
  <Card title="History">
    <ol class="history" data-testid="history">
      {page.events.map((it) => (
        <li key={`${it.at} ${it.what} ${it.because}`}>
          <span class="quiet">
            <When at={it.at} />
          </span>
          <span>
            <strong>{conversionEvent(it.what)}</strong> <span class="quiet">by {doers[it.by] ?? it.by}</span>
            {it.because && <p>{reasonOf(it.because, page)}</p>}
          </span>
        </li>
      ))}
    </ol>
  </Card>
);

const Under = ({ page }: { readonly page: ConversionPage }) => (
  <>
    {ways[page.via]} · <When at={page.at} />
    {page.valueMinor !== undefined && page.currency && ` · ${money(page.valueMinor, page.currency)}`}
    {page.campaignNames.length > 0 && ` · ${page.campaignNames.join(", ")}`}
  </>
);

/** One conversion and everything that was made of it: who led to it, how good it is, what it earns whom, and why. */
export const ConversionView = ({ params }: ViewProps) => {
  const id = params.conversion ?? "";
  const load = useLoad(`conversion ${id}`, () => ask(conversion, { params: { conversion: id } }));
  const owner = ownsABrand(known());
  return (
    <Shown of={load} lines={8} page>
      {(page) => (
        <>
          <Head
            over={owner ? <a href="/conversions">Conversions</a> : <a href="/contracts">Contracts</a>}
            title={
              <>
                {sentence(page.result)} <span class="mono quiet">{page.externalId}</span>
              </>
            }
            under={<Under page={page} />}
          >
            <Badge word={grades[page.grade]} testid="grade" />
            <Badge word={stages[page.stage]} testid="stage" />
          </Head>
          {owner && <Decisions page={page} onChange={load.again} />}
          <Journeys page={page} />
          {page.parts.map((part) => (
            <Part key={part.contract} part={part} conversion={page.id} />
          ))}
          {page.lead && Object.keys(page.lead).length > 0 && <Lead lead={page.lead} />}
          <History page={page} />
        </>
      )}
    </Shown>
  );
};
