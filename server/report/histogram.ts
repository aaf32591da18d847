import type { Bar } from "../history/journeys.ts";
import { journeysText } from "./figures.ts";
import { line, num, safe, tableOf } from "./markup.ts";

const [WIDTH, HEIGHT, TOP, FOOT] = [440, 210, 22, 24];

/** How many bars are drawn: all up to the last that holds anything. */
const trimmed = (bars: readonly Bar[]): readonly Bar[] => {
  const last = bars.findLastIndex(({ converted, lapsed }) => converted + lapsed > 0);
  const first = bars.findIndex(({ converted, lapsed }) => converted + lapsed > 0);
  return bars.slice(Math.max(0, Math.min(first, 1)), Math.max(1, last + 1));
};

/** What a bar is called: 3, or 5–7, or 91+. */
export const rangeOf = ({ from, until }: Pick<Bar, "from" | "until">): string => {
  if (until === null) return `${from}+`;
  return until - from === 1 ? String(from) : `${from}–${until - 1}`;
};

const percent = (count: number, all: number): string => (all === 0 ? "" : `${Math.round((count / all) * 100)} %`);

const shown = (bar: Bar, index: number, drawn: readonly Bar[], all: number): string => {
  const most = Math.max(1, ...drawn.map(({ converted }) => converted));
  const step = WIDTH / drawn.length;
  const height = ((HEIGHT - TOP - FOOT) * bar.converted) / most;
  const [x, y] = [index * step + 2, HEIGHT - FOOT - height];
  const middle = num(index * step + step / 2);
  const label = `<text x="${middle}" y="${num(y - 6)}" text-anchor="middle">${percent(bar.converted, all)}</text>`;
  return `<rect class="other" x="${num(x)}" y="${num(y)}" width="${num(step - 4)}" height="${num(height)}"><title>${safe(`${rangeOf(bar)}: ${journeysText(bar.converted)}`)}</title></rect>${label}<text class="quiet" x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">${rangeOf(bar)}</text>`;
};

/** How conversions are spread over ranges, as a picture and as a table. `what` is what the ranges count. */
export const histogram = (bars: readonly Bar[], what: string, withLapsed: boolean) => {
  const drawn = trimmed(bars);
  const all = drawn.reduce((sum, { converted }) => sum + converted, 0);
  const axis = `<path class="axis" d="M0 ${HEIGHT - FOOT}H${WIDTH}"/>`;
  const picture = `<svg class="picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Conversions by ${what}">${drawn.map((bar, index) => shown(bar, index, drawn, all)).join("")}${axis}</svg>`;
  const lines = drawn.map((bar) =>
    line(rangeOf(bar), [
      journeysText(bar.converted),
      percent(bar.converted, all),
      ...(withLapsed ? [journeysText(bar.lapsed)] : []),
    ]),
  );
  const heads = [what, "converted", "share", ...(withLapsed ? ["did not"] : [])];
  return { picture, behind: tableOf(`Conversions by ${what}`, heads, lines) };
};
