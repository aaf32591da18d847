import type { Question } from "../shared/audience/poll.ts";
import { type Answer, Ends, points } from "./questions.tsx";
import { countsOf, type Standing } from "./reading.ts";

/** One answer that could be given, how often it was, and whether this visitor gave it. */
interface Row {
  readonly value: string | number;
  readonly label: string | number;
  readonly share: number;
  readonly own: string;
}

const rowsOf = (question: Question, standing: Standing, answer: Answer): readonly Row[] => {
  const options: readonly (readonly [string | number, string | number])[] =
    question.kind === "choice"
      ? question.options.map(({ id, label }) => [id, label])
      : points.map((point) => [point, point]);
  const counts = countsOf(
    standing,
    question,
    options.map(([value]) => `${value}`),
  );
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  return options.map(([value, label], at) => ({
    value,
    label,
    share: (counts[at] ?? 0) / total,
    own: answer === value ? "own" : "",
  }));
};

const percent = (share: number): string => share.toLocaleString(undefined, { style: "percent" });

const Lines = ({ rows }: { readonly rows: readonly Row[] }) => (
  <ul>
    {rows.map(({ value, label, share, own }) => (
      <li key={value} class={`line ${own}`}>
        <i style={{ inlineSize: `${100 * share}%` }} />
        <span>{label}</span>
        <span>{percent(share)}</span>
      </li>
    ))}
  </ul>
);

const Columns = ({ rows }: { readonly rows: readonly Row[] }) => {
  const most = Math.max(...rows.map(({ share }) => share)) || 1;
  return (
    <ul class="columns">
      {rows.map(({ value, label, share, own }) => (
        <li key={value} class={own}>
          <b>
            <i style={{ blockSize: `${(100 * share) / most}%` }} />
          </b>
          {label}
          <span class="heard">: {percent(share)}</span>
        </li>
      ))}
    </ul>
  );
};

/** How everybody answered, this visitor's answer marked. Free texts are not shown to others. */
export const Results = (it: {
  readonly questions: readonly Question[];
  readonly answers: readonly Answer[];
  readonly standing: Standing;
}) => (
  <>
    {it.questions.map((question, at) => {
      if (question.kind === "text") return null;
      const rows = rowsOf(question, it.standing, it.answers[at]);
      return (
        <section key={question.id} class="result">
          <h3>{question.title}</h3>
          {question.kind === "choice" ? <Lines rows={rows} /> : <Columns rows={rows} />}
          {question.kind === "scale" && <Ends question={question} />}
        </section>
      );
    })}
  </>
);
