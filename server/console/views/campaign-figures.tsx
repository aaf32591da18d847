import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { percent, whole } from "../kit/figures.ts";
import type { CampaignPage } from "../kit/wire.ts";
import { grades } from "../kit/words.ts";
import { Moving } from "../parts/moving.tsx";
import { ShareBar } from "../parts/sharebar.tsx";
import { Card } from "../parts/small.tsx";
import { Spark } from "../parts/spark.tsx";

const SHAPE_POINTS = 40;

/** The values a number has gone through while the page was open, for the shape of the last minutes. */
const useShape = (value: number): readonly number[] => {
  const seen = useRef<number[]>([]);
  if (seen.current.at(-1) !== value) seen.current = [...seen.current, value].slice(-SHAPE_POINTS);
  return seen.current;
};

interface FigureProps {
  readonly title: string;
  readonly value: number;
  readonly testid: string;
  readonly says: string;
  readonly children?: ComponentChildren;
}

const Figure = ({ title, value, testid, says, children }: FigureProps) => (
  <div class="figure">
    <dt>{title}</dt>
    <dd>
      <Moving value={value} write={whole} testid={testid} />
      {children}
    </dd>
    <dd class="hint">{says}</dd>
  </div>
);

const ratio = (part: number, all: number): string | null =>
  all > 0 ? `${percent(Math.round((part / all) * 1_000_000))} of visits` : null;

const gradeTones = { accept: "good", review: "warn", reject: "bad", retry: "house" } as const;

const Grades = ({ grades: counts }: { readonly grades: CampaignPage["grades"] }) => (
  <ShareBar
    what="Leads by grade"
    parts={(["accept", "review", "reject", "retry"] as const).map((key) => ({
      key,
      label: grades[key].title,
      says: grades[key].says,
      weight: counts[key],
      written: whole(counts[key]),
      tone: gradeTones[key],
      testid: `grade-${key}`,
      exact: counts[key],
    }))}
  />
);

const told = ({ visits, clicks, results }: CampaignPage): string =>
  [
    `${whole(visits)} visits`,
    `${whole(clicks)} clicks`,
    ...Object.entries(results).map(([name, count]) => `${whole(count)} ${name}`),
  ].join(", ");

/** What has happened so far, in a few large numbers that move as it happens. */
export const Figures = ({ page }: { readonly page: CampaignPage }) => {
  const shape = useShape(page.visits);
  const kinds = Object.entries(page.results);
  const graded = Object.values(page.grades).some((count) => count > 0);
  return (
    <Card>
      <p class="unseen" aria-live="polite">
        {told(page)}
      </p>
      <dl class="figures">
        <Figure title="Visits" value={page.visits} testid="visits" says="Landing pages seen by people">
          <Spark values={shape} what="Visits since this page was opened" />
        </Figure>
        <Figure
          title="Clicks"
          value={page.clicks}
          testid="clicks"
          says="On tracked links; repeats count, robots do not"
        />
        {kinds.length === 0 && (
          <Figure title="Results" value={0} testid="results" says="Nothing has been recorded yet" />
        )}
        {kinds.map(([name, count]) => (
          <Figure
            key={name}
            title={name}
            value={count}
            testid={`result-${name}`}
            says="Recorded, whatever became of them"
          >
            <small class="quiet">{ratio(count, page.visits)}</small>
          </Figure>
        ))}
      </dl>
      {graded && (
        <>
          <h2 class="small-head">Leads by grade</h2>
          <Grades grades={page.grades} />
        </>
      )}
    </Card>
  );
};
