import type { Comparison } from "../history/comparison.ts";
import type { Flow, Stop } from "../history/journeys.ts";
import { journeysText } from "./figures.ts";
import { bdi, line, num, safe, tableOf } from "./markup.ts";

/** What a stop of journeys is called where it is no payee. */
const WORDS: Readonly<Record<Exclude<Stop, number> | "converted" | "lapsed", string>> = {
  others: "all others",
  several: "several",
  none: "nothing between",
  nobody: "no touch",
  converted: "converted",
  lapsed: "did not",
};

type Place = Stop | "converted" | "lapsed";

interface Node {
  readonly id: Place;
  amount: number;
  y: number;
  height: number;
  /** How much of each side is taken by ribbons already. */
  left: number;
  right: number;
}

interface Link {
  readonly from: Node;
  readonly to: Node;
  amount: number;
}

/** A picture's size, and how many letters a name may have in it. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly letters: number;
  /** Room to the right of the last column, for its names. */
  readonly margin: number;
  /** Is there room for percentages beside names everywhere? */
  readonly isRoomy: boolean;
}

const HEADS = ["first touch", "between", "last touch", "came to"] as const;
const [TOP, GAP, BAR, TALL_ENOUGH] = [26, 7, 12, 10];
const SIX = 6;

const stopsOf = (flow: Flow): readonly (readonly [readonly Place[], number])[] => [
  [[flow.first, flow.middle, flow.last, "converted"], flow.converted],
  [[flow.first, flow.middle, flow.last, "lapsed"], flow.lapsed],
];

const weight = (id: Place): number => {
  if (typeof id === "number") return 0;
  return ["converted", "several", "none", "others", "nobody", "lapsed"].indexOf(id) + 1;
};

const nodesOf = (flows: readonly Flow[]): readonly ReadonlyMap<Place, Node>[] => {
  const columns = HEADS.map(() => new Map<Place, Node>());
  for (const flow of flows)
    for (const [stops, amount] of stopsOf(flow))
      stops.forEach((id, column) => {
        if (amount === 0) return;
        const node = columns[column]?.get(id) ?? { id, amount: 0, y: 0, height: 0, left: 0, right: 0 };
        node.amount += amount;
        columns[column]?.set(id, node);
      });
  return columns;
};

const laid = (column: ReadonlyMap<Place, Node>, perJourney: number): readonly Node[] => {
  const nodes = [...column.values()].sort((a, b) => weight(a.id) - weight(b.id) || b.amount - a.amount);
  let y = TOP;
  for (const node of nodes) {
    node.y = y;
    node.height = node.amount * perJourney;
    y += node.height + GAP;
  }
  return nodes;
};

const linksOf = (
  flows: readonly Flow[],
  columns: readonly ReadonlyMap<Place, Node>[],
  column: number,
): readonly Link[] => {
  const links = new Map<string, Link>();
  for (const flow of flows)
    for (const [stops, amount] of stopsOf(flow)) {
      const [one, other] = [stops[column], stops[column + 1]];
      const [from, to] = [columns[column]?.get(one ?? "none"), columns[column + 1]?.get(other ?? "none")];
      if (from === undefined || to === undefined || amount === 0) continue;
      const key = `${one} ${other}`;
      const link = links.get(key) ?? { from, to, amount: 0 };
      link.amount += amount;
      links.set(key, link);
    }
  return [...links.values()].sort((a, b) => a.from.y - b.from.y || a.to.y - b.to.y);
};

/** Which colour each of the payees told apart has. */
const coloursOf = (flows: readonly Flow[]): ReadonlyMap<Place, string> => {
  const sums = new Map<Place, number>();
  for (const { first, middle, last, converted, lapsed } of flows)
    for (const stop of new Set([first, middle, last]))
      if (typeof stop === "number") sums.set(stop, (sums.get(stop) ?? 0) + converted + lapsed);
  const order = [...sums].sort((a, b) => b[1] - a[1] || Number(a[0]) - Number(b[0]));
  return new Map(order.slice(0, SIX).map(([stop], index) => [stop, `p${index}`]));
};

const cut = (name: string, letters: number): string => {
  const all = [...name];
  return all.length <= letters ? name : `${all.slice(0, letters - 1).join("")}…`;
};

/** Everything a picture of flows is drawn from. */
interface Drawing {
  readonly made: Comparison;
  readonly plane: Plane;
  readonly x: (column: number) => number;
  readonly perJourney: number;
  readonly colourOf: (id: Place) => string;
  readonly nameOf: (id: Place) => string;
}

const ribbon = ({ x, perJourney, colourOf, nameOf }: Drawing, { from, to, amount }: Link, column: number): string => {
  const height = amount * perJourney;
  const [a, b] = [from.y + from.right, to.y + to.left];
  from.right += height;
  to.left += height;
  const [left, right] = [x(column) + BAR, x(column + 1)];
  const middle = (left + right) / 2;
  const d = `M${num(left)} ${num(a)}C${num(middle)} ${num(a)} ${num(middle)} ${num(b)} ${num(right)} ${num(b)}V${num(b + height)}C${num(middle)} ${num(b + height)} ${num(middle)} ${num(a + height)} ${num(left)} ${num(a + height)}Z`;
  // Told by whom they come from, but between the middle and the end by whom they go to: the last touch is what matters there.
  const whose = column === 1 ? to.id : from.id;
  return `<path class="ribbon ${colourOf(whose)}" d="${d}"><title>${safe(`${nameOf(from.id)} → ${nameOf(to.id)}: ${journeysText(amount)}`)}</title></path>`;
};

const nodeMark = (
  { plane, x, colourOf, nameOf, made }: Drawing,
  { id, y, height, amount }: Node,
  column: number,
): string => {
  const all = made.journeys.converted + made.journeys.lapsed;
  const part = ` ${Math.round((amount / all) * 100)} %`;
  const isLast = column === HEADS.length - 1;
  const label = `${isLast ? nameOf(id) : cut(nameOf(id), plane.letters)}${isLast || plane.isRoomy ? part : ""}`;
  const at = x(column) + BAR + 6;
  const text =
    height < TALL_ENOUGH
      ? ""
      : `<text class="halo" x="${num(at)}" y="${num(y + height / 2 + 4)}">${safe(label)}</text>`;
  return `<rect class="${colourOf(id)}" x="${num(x(column))}" y="${num(y)}" width="${BAR}" height="${num(Math.max(0.5, height))}"><title>${safe(`${nameOf(id)}: ${journeysText(amount)}`)}</title></rect>${text}`;
};

const headMark = ({ x }: Drawing, column: number): string =>
  `<text class="quiet" x="${num(x(column))}" y="14">${HEADS[column] ?? ""}</text>`;

const picture = (made: Comparison, plane: Plane, size: string): string => {
  const { flows } = made.journeys;
  const columns = nodesOf(flows);
  const most = Math.max(...columns.map((it) => it.size));
  const all = made.journeys.converted + made.journeys.lapsed;
  const perJourney = (plane.height - TOP - GAP * (most - 1)) / all;
  const colours = coloursOf(flows);
  const drawing: Drawing = {
    made,
    plane,
    perJourney,
    x: (column) => (column * (plane.width - plane.margin - BAR)) / (HEADS.length - 1),
    colourOf: (id) => colours.get(id) ?? (id === "converted" ? "yes" : "rest"),
    nameOf: (id) => (typeof id === "number" ? (made.names[id] ?? "") : WORDS[id]),
  };
  const nodes = columns.map((column) => laid(column, perJourney));
  const ribbons = [0, 1, 2].flatMap((column) =>
    linksOf(flows, columns, column).map((link) => ribbon(drawing, link, column)),
  );
  const marks = nodes.flatMap((column, index) => column.map((node) => nodeMark(drawing, node, index)));
  const heads = HEADS.map((_, column) => headMark(drawing, column));
  return `<svg class="picture ${size}" viewBox="0 0 ${plane.width} ${plane.height + 4}" role="img" aria-label="Where journeys begin, pass and end">${ribbons.join("")}${marks.join("")}${heads.join("")}</svg>`;
};

const MOST_FLOWS = 20;

const behind = (made: Comparison): string => {
  const { flows } = made.journeys;
  const told = (stop: Stop): string => (typeof stop === "number" ? bdi(made.names[stop] ?? "") : WORDS[stop]);
  const order = [...flows].sort((a, b) => b.converted + b.lapsed - (a.converted + a.lapsed));
  const lines = order
    .slice(0, MOST_FLOWS)
    .map((it) =>
      line(told(it.first), [told(it.middle), told(it.last), journeysText(it.converted), journeysText(it.lapsed)]),
    );
  const rest = order.slice(MOST_FLOWS);
  const sum = (of: (it: Flow) => number): string => journeysText(rest.reduce((all, it) => all + of(it), 0));
  const foot =
    rest.length === 0 ? "" : line(`${rest.length} more`, ["", "", sum((it) => it.converted), sum((it) => it.lapsed)]);
  return tableOf(
    "Journeys by where they began, passed and ended",
    ["first touch", "between", "last touch", "converted", "did not"],
    lines,
    foot,
  );
};

/** Where journeys begin, pass and end, drawn twice: for wide windows and for narrow ones; and the figures behind it. */
export const flow = (made: Comparison): { readonly picture: string; readonly behind: string } => ({
  picture: `${picture(made, { width: 920, height: 400, letters: 20, margin: 110, isRoomy: true }, "large")}${picture(made, { width: 380, height: 420, letters: 9, margin: 106, isRoomy: false }, "small")}`,
  behind: behind(made),
});
