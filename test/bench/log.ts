import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

/** The same numbers every run: a linear congruential generator, good enough to scatter test rows. */
const dice = () => {
  let state = 20_260_101;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

type Roll = (sides: number) => number;

const PAYEES = 50;
const LINES_AT_ONCE = 1000;
const FIRST_MS = 1_500_000_000_000;

const payee = (roll: Roll): string => `creator-${String(roll(PAYEES)).padStart(2, "0")}`;

/** What a synthetic file holds: events, one result in fourteen, half of them without an id of their own; or paths. */
export const layouts = {
  events: {
    header: "visitor,at,event,payee,value,currency,id\n",
    line: (roll: Roll, row: number): string => {
      const visitor = `visitor-${roll(1 + (row >> 2))}`;
      const at = new Date(FIRST_MS + row * 1000).toISOString();
      if (roll(14) > 0) return `${visitor},${at},touch,${payee(roll)},,,e${row}\n`;
      return `${visitor},${at},sale,,${(roll(30_000) / 100).toFixed(2)},USD,${roll(2) === 0 ? "" : `order-${row}`}\n`;
    },
  },
  paths: {
    header: "path,total_conversions,total_conversion_value,total_null\n",
    line: (roll: Roll): string => {
      const path = Array.from({ length: 1 + roll(7) }, () => payee(roll)).join(" > ");
      return `${path},${roll(4)},${(roll(30_000) / 100).toFixed(2)},${roll(10)}\n`;
    },
  },
} as const;

/** Write a synthetic file of at least so many bytes; answers how many lines it has below its header. */
export const writeLog = async (file: string, bytes: number, holds: keyof typeof layouts): Promise<number> => {
  const { header, line } = layouts[holds];
  const stream = createWriteStream(file);
  const roll = dice();
  let [written, row] = [0, 0];
  stream.write(header);
  while (written < bytes) {
    const some = Array.from({ length: LINES_AT_ONCE }, () => line(roll, row++)).join("");
    written += some.length;
    if (!stream.write(some)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
  return row;
};
