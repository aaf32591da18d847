import type { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import * as v from "valibot";
import { type Fact, type FactOf, FactSchema } from "../../shared/fact.ts";
import { type LiveMessage, live } from "../../shared/wire/live.ts";
import { readerOf } from "../engine/reader.ts";
import type { CampaignDoc } from "../engine/shapes.ts";
import type { Who } from "../people/who.ts";
import { campaignPage } from "../shown/campaign.ts";
import type { Recorded } from "../store/store.ts";
import type { World } from "../world.ts";
import { find, findContract } from "./access.ts";
import { earningsNow } from "./earnings.ts";
import { positionOf, readPosition, written } from "./position.ts";
import { faultsOf, problem } from "./problem.ts";
import { queryOf } from "./query.ts";
import { admit, type Seat } from "./seats.ts";

type Moved = FactOf<"money-moved">;

interface Movement {
  readonly brand: string;
  readonly at: number;
  readonly fact: Moved;
}

const KEEP_ALIVE_MS = 15_000;
const CAMPAIGN_PAUSE_MS = 250;
const EARNINGS_PAUSE_MS = 100;
const AT_A_TIME = 500;
/** The last is for a server in front that would otherwise gather an answer before passing it on. */
const streamHeaders = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };

/** Something to wait for: a commit rings, the stream answers at its own pace, and however often it rang is once. */
const bell = () => {
  let rung = false;
  let wake: () => void = () => {};
  return {
    ring: () => {
      rung = true;
      wake();
    },
    /** Wait until it rings, or for so long; answers whether it rang. */
    heard: async (waitMs: number): Promise<boolean> => {
      if (!rung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      const answer = rung;
      rung = false;
      return answer;
    },
  };
};

const account = (name: string): string => name.split(":").at(-1) ?? name;

const stageName = (name: string): string => (name.startsWith("expense:") ? "expense" : account(name));

const earningsMessage = async (
  world: World,
  { brand, at, fact }: Movement,
  contract: string,
): Promise<LiveMessage> => ({
  kind: "earnings",
  at,
  conversion: fact.conversion,
  moved: fact.transfers.map(({ debit, credit, amountMinor }) => ({
    from: stageName(debit),
    to: stageName(credit),
    amountMinor,
  })),
  now: await earningsNow(world, brand, contract),
});

const parsed = (body: string): Fact => v.parse(FactSchema, JSON.parse(body));

const isMoved = (fact: Fact): fact is Moved => fact.type === "money-moved";

interface Line {
  readonly send: (message: LiveMessage, id: string) => Promise<void>;
  readonly open: () => boolean;
  readonly onClose: (done: () => void) => void;
}

/** A line to a listener. Who signed out, or sits elsewhere by now, is told nothing more, and the line ends. */
const lineOf = (world: World, who: Who, stream: SSEStreamingApi): Line => {
  let welcome = true;
  return {
    send: async (message, id) => {
      welcome &&= await world.people.isStill(who);
      if (welcome) await stream.writeSSE({ id, data: JSON.stringify(message) });
    },
    open: () => welcome && !stream.aborted && !stream.closed,
    onClose: (done) => stream.onAbort(done),
  };
};

/** A place in the chain of each of these seats' brands that is moved along as they are read. */
type Reading = Map<string, number>;

const movementIn = ({ brand, at, body }: Recorded): Movement | undefined => {
  const fact = body.includes('"money-moved"') ? parsed(body) : undefined;
  return fact && isMoved(fact) ? { brand, at, fact } : undefined;
};

/** Every movement since a place, which moves along. */
async function* movementsSince({ store }: World, place: Reading): AsyncGenerator<Movement> {
  for (const brand of place.keys()) {
    for (let some: readonly Recorded[] | undefined; !some || some.length === AT_A_TIME; ) {
      some = await store.facts(brand, place.get(brand) ?? 0, AT_A_TIME);
      for (const recorded of some) {
        place.set(brand, recorded.seq);
        const moved = movementIn(recorded);
        if (moved) yield moved;
      }
    }
  }
}

/**
 * Tell of every movement since a place, from the chain itself: so nothing is lost however long the line was down, and
 * what another process wrote is told too.
 */
const tellOn = async (world: World, seats: readonly Seat[], place: Reading, line: Line): Promise<void> => {
  for await (const moved of movementsSince(world, place)) {
    if (!line.open()) return;
    const { contract } = moved.fact;
    const mine = contract === null ? undefined : await findContract(world, seats, contract);
    if (contract !== null && mine?.ok) await line.send(await earningsMessage(world, moved, contract), written(place));
  }
};

const followEarnings = async (world: World, seats: readonly Seat[], place: Reading, line: Line): Promise<void> => {
  const { ring, heard } = bell();
  const stop = world.record.onCommit(({ brand, entries }) => {
    if (place.has(brand) && entries.some(({ fact }) => isMoved(fact))) ring();
  });
  line.onClose(ring);
  try {
    await line.send({ kind: "hello" }, written(place));
    while (line.open()) {
      await tellOn(world, seats, place, line);
      // Many results a second are told of together.
      await new Promise((resolve) => setTimeout(resolve, EARNINGS_PAUSE_MS));
      if (line.open() && !(await heard(KEEP_ALIVE_MS)) && line.open())
        await line.send({ kind: "hello" }, written(place));
    }
  } finally {
    stop();
  }
};

const followCampaign = async (world: World, seat: Seat, campaign: string, line: Line): Promise<void> => {
  const { ring, heard } = bell();
  const stop = world.record.onCommit(({ brand }) => {
    if (brand === seat.brand) ring();
  });
  line.onClose(ring);
  const tell = async (): Promise<void> => {
    const position = await positionOf(world.store, [seat]);
    const now = await campaignPage(readerOf(world.store, seat.brand), campaign, position);
    await line.send({ kind: "campaign", at: world.now(), now }, position);
  };
  try {
    await tell();
    while (line.open()) {
      const news = await heard(KEEP_ALIVE_MS);
      if (!line.open()) return;
      if (!news) await line.send({ kind: "hello" }, await positionOf(world.store, [seat]));
      else {
        await tell();
        // Many visits a second are one change on the screen.
        await new Promise((resolve) => setTimeout(resolve, CAMPAIGN_PAUSE_MS));
      }
    }
  } finally {
    stop();
  }
};

/**
 * Where to begin: where the listener was, or as things stand; for the brands of these seats and no others. A place the
 * chain has not come to, as after an older copy was put back, is where it ends: beyond it nothing would ever be heard.
 */
const placeFor = async (world: World, seats: readonly Seat[], asked: string | undefined): Promise<Reading> => {
  const here = readPosition(await positionOf(world.store, seats)) ?? new Map<string, number>();
  const was = readPosition(asked) ?? new Map<string, number>();
  return new Map([...here].map(([brand, seq]) => [brand, Math.min(was.get(brand) ?? seq, seq)]));
};

/** The campaign a stream is to follow, for a brand that has it. */
const campaignOf = (world: World, seats: readonly Seat[], campaign: string) => {
  const owners = seats.filter(({ role }) => role === "brand");
  return find<CampaignDoc>(world, owners, `campaign/${campaign}`, () => true);
};

/** The live stream: server-sent events that go on from the position the listener last saw. */
export const openLiveDoor = (app: Hono, world: World): void => {
  app.get(live.path, async (c) => {
    const admitted = await admit(world, c.req.raw, live.audience);
    if (!admitted.ok) return problem(admitted.refusal);
    const { who, seats } = admitted.value;
    const asked = queryOf(c.req.raw, live.query);
    if (!asked.ok) return problem(asked.refusal);
    const query = v.safeParse(live.query, asked.value);
    if (!query.success)
      return problem(
        { code: "bad-request", because: "This stream takes campaign and from, and nothing else." },
        faultsOf(query.issues),
      );
    const { campaign, from } = query.output;
    const found = campaign === undefined ? undefined : await campaignOf(world, seats, campaign);
    if (found && !found.ok) return problem(found.refusal);
    // Nobody reads the answer to a HEAD, so nothing may wait for it to be read.
    if (c.req.raw.method === "HEAD") return new Response(null, { headers: streamHeaders });
    const place = await placeFor(world, seats, c.req.header("last-event-id") || from);
    const answer = streamSSE(c, async (stream) => {
      const line = lineOf(world, who, stream);
      const heard = found
        ? followCampaign(world, found.value.seat, campaign ?? "", line)
        : followEarnings(world, seats, place, line);
      await heard.catch((error) => world.warn("a live stream broke off", error));
    });
    for (const [name, value] of Object.entries(streamHeaders)) answer.headers.set(name, value);
    return answer;
  });
};
