import { connect, type Socket } from "node:net";

/** What a load of requests came to. Times in ms. */
export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** Whole length of the response at the start of `bytes`, or 0 while it is not all there. Chunked bodies here are always empty ones. */
const responseLength = (bytes: Buffer): number => {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return 0;
  if (bytes.includes("chunked")) {
    const last = bytes.indexOf("0\r\n\r\n", end + 4);
    return last < 0 ? 0 : last + 5;
  }
  const length = /content-length: (\d+)/i.exec(bytes.toString("latin1", 0, end))?.[1];
  const whole = end + 4 + Number(length ?? 0);
  return bytes.length >= whole ? whole : 0;
};

interface Tally {
  readonly timesMs: number[];
  failed: number;
}

const ask = (port: number, next: () => Buffer, expected: string, until: number, tally: Tally): Promise<void> =>
  new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    let [held, sent] = [Buffer.alloc(0), 0];
    const send = (): void => {
      if (performance.now() >= until) return void socket.end();
      sent = performance.now();
      socket.write(next());
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const length = responseLength(held);
      if (length === 0) return;
      if (held.toString("latin1", 9, 12) !== expected) tally.failed += 1;
      held = held.subarray(length);
      tally.timesMs.push(performance.now() - sent);
      send();
    });
    socket.on("error", () => {
      tally.failed += 1;
      resolve();
    });
    socket.on("close", () => resolve());
  });

/** Keep `connections` requests in flight for some seconds, one at a time on each, and say how it went. */
export const load = async (
  port: number,
  next: () => Buffer,
  expected: string,
  connections: number,
  seconds: number,
): Promise<Load> => {
  const tally: Tally = { timesMs: [], failed: 0 };
  const begun = performance.now();
  const until = begun + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => ask(port, next, expected, until, tally)));
  const took = (performance.now() - begun) / 1000;
  const times = tally.timesMs.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return {
    requests: times.length,
    perSecond: times.length / took,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failed: tally.failed,
  };
};
