import { spoken } from "../../shared/kit/money.ts";
import { decimal, rational } from "../../shared/kit/rational.ts";
import type { Curve } from "../../shared/pay/simulate.curve.ts";
import { curvePlot, fanPlot, markTitles, scaleOf } from "../../shared/pay/simulate.plot.ts";
import type { Quantiles, Simulation } from "../../shared/pay/simulate.ts";

const safe = (text: string): string =>
  text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`).replace(/\p{C}/gu, "\uFFFD");

const PLANE = { left: 96, right: 740, top: 14, bottom: 250 };
const [WIDTH, HEIGHT] = [760, 290];

const grid = (up: readonly number[], y: (value: number) => number, currency: string): string =>
  up
    .map(
      (value) =>
        `<line class="grid${value === 0 ? " zero" : ""}" x1="${PLANE.left}" x2="${PLANE.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${PLANE.left - 8}" y="${y(value) + 4}" text-anchor="end">${safe(spoken(value, currency))}</text>`,
    )
    .join("");

const drawing = (title: string, content: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${safe(title)}">${content}</svg>`;

const curveFigure = (curve: Curve): string => {
  const { currency } = curve.terms;
  const plot = curvePlot(curve, PLANE);
  const title = `Pay for ${curve.result} ${curve.over === "period" ? "in one period" : "in the whole contract"}`;
  const across = plot.across
    .map((value) => `<text x="${plot.x(value)}" y="${PLANE.bottom + 18}" text-anchor="middle">${value}</text>`)
    .join("");
  const marks = plot.marks
    .map(({ x, kind }) => `<line class="mark ${kind}" x1="${x}" x2="${x}" y1="${PLANE.top}" y2="${PLANE.bottom}"/>`)
    .join("");
  const falls = curve.falls
    .map(
      ({ volume }) =>
        `<circle class="fall" cx="${plot.x(volume)}" cy="${plot.y(curve.points.find((it) => it.volume === volume)?.amountMinor ?? 0)}" r="5"/>`,
    )
    .join("");
  const legend = plot.marks.map(
    ({ volume, kind, at }) => `<li class="${kind}">${volume}: ${markTitles[kind]} <code>${safe(at)}</code></li>`,
  );
  const content = `${grid(plot.up, plot.y, currency)}${across}<path class="area" d="${plot.area}"/>${marks}<path class="line" d="${plot.line}"/>${falls}`;
  return `<figure><figcaption>${safe(title)}</figcaption>${drawing(title, content)}<ul class="marks">${legend.join("")}</ul></figure>`;
};

const fanFigure = ({ periods, currency }: Simulation): string => {
  const plot = fanPlot(periods, PLANE);
  const title = "What has been earned by the end of each period";
  const names = periods.map(({ ends }, index) => {
    const isShown = index % Math.ceil(periods.length / 8) === 0 || index === periods.length - 1;
    return isShown ? `<text x="${plot.places[index]}" y="${PLANE.bottom + 18}" text-anchor="end">${ends}</text>` : "";
  });
  const content = `${grid(plot.up, plot.y, currency)}${names.join("")}<path class="band" d="${plot.band}"/><path class="line" d="${plot.middle}"/>`;
  return `<figure><figcaption>${title}: half of the time the line, eight times of ten within the band</figcaption>${drawing(title, content)}</figure>`;
};

const histogramFigure = ({ bins, currency }: Simulation): string => {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const x = scaleOf(0, bins.length, PLANE.left, PLANE.right);
  const y = scaleOf(0, most, PLANE.bottom, PLANE.top);
  const bars = bins.map(
    ({ count }, index) =>
      `<rect class="bar" x="${x(index) + 1}" y="${y(count)}" width="${Math.max(1, x(index + 1) - x(index) - 2)}" height="${PLANE.bottom - y(count)}"/>`,
  );
  const ends = [bins[0]?.fromMinor ?? 0, bins.at(-1)?.untilMinor ?? 0].map(
    (value, index) =>
      `<text x="${index === 0 ? PLANE.left : PLANE.right}" y="${PLANE.bottom + 18}" text-anchor="${index === 0 ? "start" : "end"}">${safe(spoken(value, currency))}</text>`,
  );
  const title = "How often each total comes";
  return `<figure><figcaption>${title}</figcaption>${drawing(title, bars.join("") + ends.join(""))}</figure>`;
};

const percent = (micro: number): string => `${decimal(rational(micro, 10_000), 1)} %`;
const results = (micro: number): string => decimal(rational(micro, 1_000_000), 2).replace(/\.?0+$/, "");

const row = (name: string, it: Quantiles, write: (value: number) => string): string =>
  `<tr><th scope="row">${safe(name)}</th>${[it.p10, it.p50, it.p90, it.mean].map((value) => `<td>${safe(write(value))}</td>`).join("")}</tr>`;

const figures = (made: Simulation): string => {
  const money = (minor: number): string => spoken(minor, made.currency);
  const rows = [
    row("Pay", made.payMinor, money),
    row(`Results (${made.result})`, made.volumeMicro, results),
    made.perResultMinor ? row(`Cost of one ${made.result}`, made.perResultMinor, money) : "",
    made.guarantee ? row("Remedy", made.guarantee.remedyMinor, money) : "",
  ];
  return `<table><thead><tr><td></td><th>P10</th><th>P50</th><th>P90</th><th>Mean</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
};

const missing = ({ guarantee, periods }: Simulation): string => {
  if (!guarantee) return "";
  const each = periods
    .filter(({ missedMicro }) => missedMicro !== null)
    .map(({ starts, ends, missedMicro }) => `<li>${starts} to ${ends}: ${percent(missedMicro ?? 0)}</li>`);
  return `<section><h2>The guarantee of ${guarantee.target} ${safe(guarantee.result)} is missed in ${percent(guarantee.missedMicro)} of the runs</h2><ul>${each.join("")}</ul></section>`;
};

const warned = ({ warnings }: Simulation): string =>
  warnings.length === 0
    ? ""
    : `<section><h2>Beware</h2><ul class="warnings">${warnings.map(({ at, because }) => `<li><code>${safe(at)}</code> ${safe(because)}</li>`).join("")}</ul></section>`;

const STYLE = `:root{color-scheme:light dark;--ink:light-dark(#1c1b18,#edebe5);--quiet:light-dark(#625f58,#a8a69e);--line:light-dark(#e4e1da,#2e312d);--pay:light-dark(#0f7a57,#55bb92);--warn:light-dark(#7d5200,#e9bb62);--bad:light-dark(#a8261d,#f39c93)}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:light-dark(#fff,#121311);max-width:800px;margin:32px auto;padding:0 16px}
h1{font-size:24px}h2{font-size:17px}figure{margin:24px 0;break-inside:avoid}figcaption{font-weight:600}svg{width:100%;height:auto}
text{font:12px system-ui,sans-serif;fill:var(--quiet)}.grid{stroke:var(--line)}.zero{stroke:var(--quiet)}.line{fill:none;stroke:var(--pay);stroke-width:2.5}.area,.band{fill:var(--pay);opacity:.16}.bar{fill:var(--pay)}
.mark{stroke:var(--quiet);stroke-dasharray:3 4}.mark.target{stroke:var(--warn);stroke-dasharray:none}.mark.cap{stroke:var(--bad)}.fall{fill:none;stroke:var(--bad);stroke-width:2.5}
.marks{columns:2;font-size:13px;color:var(--quiet)}table{border-collapse:collapse;width:100%}th,td{padding:6px 8px;text-align:right;border-bottom:1px solid var(--line)}th[scope]{text-align:left}.warnings li{margin:8px 0;color:var(--warn)}code{font-size:.9em}
@media print{body{margin:0}}`;

/** A simulation as one page that needs nothing else, to keep, send or print. Whatever a file said in it is text, never markup. */
export const asPage = (made: Simulation, title: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${safe(title)}</title><style>${STYLE}</style></head><body>
<h1>${safe(title)}</h1>
<p>${made.runs} simulated contracts, seed ${made.seed}${made.history ? `, drawn from ${made.history.days} days of history` : ""}. The same terms, expectations and seed give the same picture.</p>
${made.curves.map(curveFigure).join("\n")}
${fanFigure(made)}
${histogramFigure(made)}
${missing(made)}
${figures(made)}
${warned(made)}
</body></html>
`;
