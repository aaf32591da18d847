import * as v from "valibot";
import { LiveMessage, live } from "../../shared/wire/live.ts";
import type { Paired } from "./connection.ts";
import { losePlace, type Taken, take } from "./movement.ts";
import { lapse } from "./reach.ts";
import { type StreamEvent, streamReader } from "./stream.ts";
import { mark } from "./vault.ts";

/** How one connection to the stream ended. `refused`: the server does not know the place we asked to go on from. */
export type Ended = "broken" | "out-of-step" | "refused" | "signed-out";

/** What a listener is told, and how long it listens. */
export interface Listening {
  readonly connection: Paired;
  readonly signal: AbortSignal;
  /** Are movements seen as they come, by someone looking at an open popup? */
  readonly seen: boolean;
  /** The server can be heard; also called for every further piece that arrives. */
  readonly heard?: () => void;
  /** After how long a silence the line counts as dead. */
  readonly silenceMs?: number;
}

// A server says something every fifteen seconds. A line this long silent is dead even though nobody hung up: the machine
// slept, or the network changed under it.
const SILENCE_MS = 40_000;

/** The same, with an end to it once the line has been silent for too long. `over` stops the watch. */
const watched = (listening: Listening): { readonly line: Listening; readonly over: () => void } => {
  const { signal, heard, silenceMs = SILENCE_MS } = listening;
  const dead = new AbortController();
  const watch = () => setTimeout(() => dead.abort(), silenceMs);
  let timer = watch();
  const hear = (): void => {
    clearTimeout(timer);
    timer = watch();
    heard?.();
  };
  const line = { ...listening, signal: AbortSignal.any([signal, dead.signal]), heard: hear };
  return { line, over: () => clearTimeout(timer) };
};

const messageOf = (data: string): LiveMessage | undefined => {
  try {
    const read = v.safeParse(LiveMessage, JSON.parse(data));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
};

/** A message this version does not understand still moves the position on: it is news for a newer version. */
const takeIn = (event: StreamEvent, after: string, seen: boolean): Promise<Taken> => {
  const message = messageOf(event.data);
  const now = message?.kind === "earnings" ? message.now : null;
  return take({ position: event.id, now }, after === "" ? undefined : after, seen);
};

const request = (from: string, { connection, signal }: Listening): Promise<Response> =>
  fetch(connection.server + live.path, {
    headers: {
      accept: "text/event-stream",
      authorization: `Bearer ${connection.token}`,
      ...(from === "" ? {} : { "last-event-id": from }),
    },
    credentials: "omit",
    cache: "no-store",
    signal,
  });

const listen = async (body: ReadableStream<Uint8Array>, from: string, listening: Listening): Promise<Ended> => {
  const read = streamReader(from);
  let after = from;
  const pieces = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  try {
    for (;;) {
      listening.heard?.();
      const { done, value } = await pieces.read();
      if (done) return "broken";
      for (const event of read(value)) {
        if (event.id === after) continue;
        if ((await takeIn(event, after, listening.seen)) === "out-of-step") return "out-of-step";
        after = event.id;
      }
    }
  } finally {
    await pieces.cancel().catch(() => undefined);
  }
};

/** Listen to the stream once, from where the vault stands, until it ends or the signal says so. */
export const listenOnce = async (listening: Listening): Promise<Ended> => {
  const { line, over } = watched(listening);
  try {
    const from = (await mark("position")) ?? "";
    const answer = await request(from, line);
    if (answer.status === 401) {
      await lapse(listening.connection);
      return "signed-out";
    }
    if (answer.ok && answer.body) return await listen(answer.body, from, line);
    await answer.body?.cancel();
    if (answer.status === 429 || answer.status >= 500) return "broken";
    await losePlace();
    return "refused";
  } catch {
    return "broken";
  } finally {
    over();
  }
};

/** The pause before the nth attempt in a row that failed, in ms: doubling from one second to thirty, shortened at random so that not everybody comes back at once. `dice` is in [0, 1). */
export const pauseMs = (failures: number, dice: number): number =>
  Math.round(Math.min(30_000, 1000 * 2 ** Math.min(failures, 10)) * (0.5 + dice / 2));

/** What following needs besides listening: how to wait, what to do when the place is lost, and where to tell that the line is down. */
export interface Following extends Listening {
  readonly wait: (forMs: number) => Promise<void>;
  readonly replaced: () => Promise<void>;
  readonly down: (failures: number) => void;
}

/** Follow the stream for as long as the signal lasts, coming back after every break from the position last taken in. */
export const follow = async (following: Following): Promise<void> => {
  let failures = 0;
  const heard = (): void => {
    failures = 0;
    following.heard?.();
  };
  while (!following.signal.aborted) {
    const ended = await listenOnce({ ...following, heard });
    if (following.signal.aborted || ended === "signed-out") return;
    if (ended === "out-of-step") continue;
    following.down(failures);
    if (ended === "refused") await following.replaced();
    await following.wait(pauseMs(failures, Math.random()));
    failures += 1;
  }
};
