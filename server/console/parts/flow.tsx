import { useWidth } from "../kit/width.ts";

/** So much that goes from somebody on the left to somebody on the right. */
export interface Stream {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** What an end of streams is called, and its colour. */
interface End {
  readonly label: string;
  readonly tone: string;
}

interface FlowProps {
  readonly what: string;
  readonly streams: readonly Stream[];
  readonly endOf: (key: string) => End;
  readonly write: (amount: number) => string;
  readonly testid?: string;
}

const USUAL_WIDTH = 640;
const GAP = 8;
const BAR = 8;
const LEAST = 14;
const PER_END = 34;

interface Block {
  readonly key: string;
  readonly amount: number;
  readonly y: number;
  readonly height: number;
}

/** The ends of one side from top to bottom, the largest first, as high as what goes through them. */
const blocksOf = (streams: readonly Stream[], side: "from" | "to", unit: number): readonly Block[] => {
  const sums = new Map<string, number>();
  for (const stream of streams) sums.set(stream[side], (sums.get(stream[side]) ?? 0) + stream.amount);
  let y = 0;
  return [...sums]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([key, amount]) => {
      const block = { key, amount, y, height: amount * unit };
      y += Math.max(LEAST, block.height) + GAP;
      return block;
    });
};

const bottomOf = (blocks: readonly Block[]): number =>
  Math.max(0, ...blocks.map(({ y, height }) => y + Math.max(LEAST, height)));

interface Ribbon extends Stream {
  readonly d: string;
}

const ribbonsOf = (
  streams: readonly Stream[],
  left: readonly Block[],
  right: readonly Block[],
  { x1, x2, unit }: { readonly x1: number; readonly x2: number; readonly unit: number },
): readonly Ribbon[] => {
  const used = new Map<string, number>();
  const take = (side: string, block: Block | undefined, height: number): number => {
    const key = `${side} ${block?.key}`;
    const before = used.get(key) ?? 0;
    used.set(key, before + height);
    return (block?.y ?? 0) + before;
  };
  const place = (blocks: readonly Block[], key: string): number => blocks.findIndex((it) => it.key === key);
  const middle = (x1 + x2) / 2;
  return [...streams]
    .sort((a, b) => place(left, a.from) - place(left, b.from) || place(right, a.to) - place(right, b.to))
    .map((stream) => {
      const height = stream.amount * unit;
      const a = take("from", left[place(left, stream.from)], height);
      const b = take("to", right[place(right, stream.to)], height);
      const over = `M${x1} ${a}C${middle} ${a} ${middle} ${b} ${x2} ${b}`;
      return {
        ...stream,
        d: `${over}V${b + height}C${middle} ${b + height} ${middle} ${a + height} ${x1} ${a + height}Z`,
      };
    });
};

const LETTER = 7.2;

const shortened = (text: string, room: number): string => {
  const letters = Math.max(4, Math.floor(room / LETTER));
  return text.length > letters ? `${text.slice(0, letters - 1).trimEnd()}…` : text;
};

interface EndsProps {
  readonly blocks: readonly Block[];
  readonly at: number;
  readonly side: "start" | "end";
  readonly room: number;
  readonly of: Pick<FlowProps, "endOf" | "write">;
}

const Ends = ({ blocks, at, side, room, of: { endOf, write } }: EndsProps) => (
  <g>
    {blocks.map(({ key, amount, y, height }) => {
      const { label, tone } = endOf(key);
      const textAt = side === "end" ? at - 6 : at + BAR + 6;
      return (
        <g key={key}>
          <title>{`${label}: ${write(amount)}`}</title>
          <rect class={`fill ${tone}`} x={at} y={y} width={BAR} height={Math.max(2, height)} rx="2" />
          <text x={textAt} y={y + Math.max(LEAST, height) / 2 + 4} text-anchor={side}>
            {shortened(label, room)}
          </text>
        </g>
      );
    })}
  </g>
);

/** What goes from whom to whom, as ribbons as broad as it is much. */
export const Flow = ({ what, streams, endOf, write, testid }: FlowProps) => {
  const { ref, width } = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const total = streams.reduce((sum, { amount }) => sum + amount, 0);
  const ends = Math.max(new Set(streams.map((it) => it.from)).size, new Set(streams.map((it) => it.to)).size);
  const unit = total > 0 ? Math.min(220, Math.max(80, ends * PER_END)) / total : 0;
  const [left, right] = [blocksOf(streams, "from", unit), blocksOf(streams, "to", unit)];
  const room = Math.min(170, Math.max(98, width * 0.25));
  const [x1, x2] = [room + BAR, width - room - BAR];
  const height = Math.max(bottomOf(left), bottomOf(right));
  const said = streams.map((it) => `${endOf(it.from).label} to ${endOf(it.to).label}: ${write(it.amount)}`);
  return (
    <div ref={ref} class="flow" data-testid={testid}>
      <svg width={width} height={height} role="img" aria-label={`${what}. ${said.join("; ")}`}>
        {ribbonsOf(streams, left, right, { x1, x2, unit }).map((it) => (
          <path key={`${it.from} ${it.to}`} class={`ribbon fill ${endOf(it.from).tone}`} d={it.d}>
            <title>{`${endOf(it.from).label} → ${endOf(it.to).label}: ${write(it.amount)}`}</title>
          </path>
        ))}
        <Ends blocks={left} at={room} side="end" room={room - 8} of={{ endOf, write }} />
        <Ends blocks={right} at={x2} side="start" room={room - 8} of={{ endOf, write }} />
      </svg>
    </div>
  );
};
