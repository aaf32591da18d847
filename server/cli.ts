import { writeSync } from "node:fs";
import { exits, type Io, type Progress } from "./commands/command.ts";
import { dispatch } from "./commands/commands.ts";

const BAR_CELLS = 30;
const REDRAW_MS = 100;

const drawn = (label: string, amount: number, total: number): string => {
  if (total <= 0) return `${label} ${(amount / 1e6).toFixed(1)} M`;
  const part = Math.min(1, amount / total);
  const full = Math.round(part * BAR_CELLS);
  return `${label} [${"#".repeat(full)}${"-".repeat(BAR_CELLS - full)}] ${Math.floor(part * 100)} %`;
};

const clear = () => process.stderr.write("\r\x1b[K");

/** Is a bar on the screen right now? Then whatever is printed next must wipe it first. */
let isDrawn = false;

const wipe = (): void => {
  if (isDrawn) clear();
  isDrawn = false;
};

const silent: Progress = { to: () => undefined, done: () => undefined };

const bar = (label: string, total: number): Progress => {
  if (!process.stderr.isTTY) return silent;
  let next = 0;
  // Nothing here listens for Ctrl+C: whoever listens is called between two turns of the event loop, and long work that
  // never turns it could then not be stopped at all.
  process.once("exit", wipe);
  return {
    to: (amount) => {
      const now = performance.now();
      if (now < next) return;
      next = now + REDRAW_MS;
      isDrawn = true;
      process.stderr.write(`\r${drawn(label, amount, total)}\x1b[K`);
    },
    done: () => {
      process.off("exit", wipe);
      wipe();
    },
  };
};

// A reader that has seen enough (`| head`) closes the pipe: that is its right, and no error of ours. A disk that is full is
// one, or half of what was printed would pass for all of it.
const hangUp = ({ code }: NodeJS.ErrnoException): void => {
  if (code === "EPIPE") process.exit();
  try {
    writeSync(process.stderr.fd, `What there was to print could not be written (${code}).\n`);
  } finally {
    process.exit(exits.refused);
  }
};
process.stdout.on("error", hangUp);
process.stderr.on("error", hangUp);

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  isTTY: process.stderr.isTTY === true,
  out: (text) => {
    wipe();
    process.stdout.write(text);
  },
  err: (text) => {
    wipe();
    process.stderr.write(text);
  },
  progress: bar,
};

process.exitCode = await dispatch(process.argv.slice(2), io);
