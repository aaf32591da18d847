import { day, percent } from "../kit/figures.ts";
import type { DisputePage } from "../kit/wire.money.ts";
import type { VerdictPart } from "../kit/wire.ts";
import { lineTitle, stages, touches, touchReason } from "../kit/words.ts";
import { Amount, Badge, Card, When } from "../parts/small.tsx";
import { Graded, Lines } from "./conversion-part.tsx";

type Statement = NonNullable<DisputePage["evidence"]["statement"]>;

const Unchanged = ({ page }: { readonly page: DisputePage }) => {
  const { unchanged, hash, version } = page.evidence;
  const what = { conversion: "the verdict", statement: "the statement", contract: "the terms" }[page.item.kind];
  return (
    <p class="hash" data-testid="evidence-hash" data-unchanged={unchanged}>
      <span class="quiet">
        SHA-256 of {what} when it was disputed, under version {version} of the terms
      </span>{" "}
      <code>{hash}</code>{" "}
      {unchanged ? (
        <span class="good-text">✓ unchanged since</span>
      ) : (
        <strong class="bad-text">✗ changed since; what is shown is as it stands now</strong>
      )}
    </p>
  );
};

const Journey = ({ part }: { readonly part: VerdictPart }) => {
  const labels = new Map(part.shares.map(({ payee, label }) => [payee, label]));
  return (
    <div class="stack">
      <h3>
        Journey: {part.influencerName} is credited with <span class="num">{percent(part.shareMicro)}</span>
      </h3>
      {part.considered.length === 0 && <p class="quiet">Nothing is known of the way here.</p>}
      <ol class="history" data-testid="evidence-journey">
        {part.considered.map(({ touch, in: counts, because, shareMicro }) => (
          <li key={touch.id} class={counts ? "" : "quiet"}>
            <span class="quiet">
              <When at={touch.at} />
            </span>
            <span>
              <strong>{labels.get(touch.payee) ?? (touch.payee === "house" ? "House" : "Another influencer")}</strong> ·{" "}
              {touches[touch.kind]} · <span class="num">{counts ? percent(shareMicro) : "left out"}</span>
              <br />
              <span class="quiet">{touchReason(because)}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
};

const Verdict = ({ part }: { readonly part: VerdictPart }) => (
  <>
    <p>
      Where it stands: <Badge word={stages[part.stage]} />
    </p>
    <div class="halves">
      <Graded grade={part.grade} />
      <Lines part={part} />
    </div>
    <Journey part={part} />
  </>
);

const StatementLines = ({ it, currency }: { readonly it: Statement; readonly currency: string }) => (
  <table class="table lines" data-testid="evidence-statement" aria-label="The statement in dispute">
    <caption class="table-title">
      {day(it.starts)} – {day(it.ends)}
    </caption>
    <tbody>
      {it.lines.map((line) => (
        <tr key={line.code + line.because + (line.conversion ?? "")}>
          <th scope="row">
            {lineTitle(line.code)}
            <p class="quiet">{line.because}</p>
          </th>
          <td>
            <Amount minor={line.amountMinor} currency={currency} />
          </td>
        </tr>
      ))}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">Earned</th>
        <td>
          <Amount minor={it.earnedMinor} currency={currency} />
        </td>
      </tr>
    </tfoot>
  </table>
);

/** Where the item itself can be read, by those who may. */
const Whole = ({ page: { item, you } }: { readonly page: DisputePage }) => {
  if (you === "mediator") return null;
  if (item.kind === "conversion") return <a href={`/conversions/${item.conversion}`}>Open the result</a>;
  if (item.kind === "statement") return <a href={`/contracts/${item.contract}/statement`}>Open the statement</a>;
  return <a href={`/contracts/${item.contract}`}>Open the contract</a>;
};

/** What comes with a dispute by itself: how the item came to its amount, and whether it is still what was disputed. */
export const Evidence = ({ page }: { readonly page: DisputePage }) => {
  const { part, statement, termsHash } = page.evidence;
  return (
    <Card title="Evidence" aside={<Whole page={page} />} testid="dispute-evidence">
      {part && <Verdict part={part} />}
      {statement && <StatementLines it={statement} currency={page.currency} />}
      {!part && !statement && (
        <p class="quiet">
          The whole contract is disputed. Its terms have the hash <code class="break">{termsHash}</code>.
        </p>
      )}
      <Unchanged page={page} />
    </Card>
  );
};
