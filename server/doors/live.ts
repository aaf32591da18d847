import type { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import * as v from "valibot";
import { type Fact, type FactOf, FactSchema } from "../../shared/fact.ts";
import { type LiveMessage, live } from "../../shared/wire/live.ts";
import { readerOf } from "../engine/reader.ts";
import type { Committed } from "../engine/record.ts";
import type { CampaignDoc } from "../engine/shapes.ts";
import { campaignPage } from "../shown/campaign.ts";
import { earningsShown } from "../shown/earnings.ts";
import type { World } from "../world.ts";
import { find, findContract } from "./access.ts";
import { type Position, positionOf, readPosition, written } from "./position.ts";
import { problem } from "./problem.ts";
import { admit, type Seat } from "./seats.ts";

type Moved = FactOf<"money-moved">;

interface Movement {
  readonly brand: string;
  readonly seq: number;
  readonly at: number;
  readonly fact: Moved;
}

const KEEP_ALIVE_MS = 15_000;
const CAMPAIGN_PAUSE_MS = 250;
const AT_A_TIME = 500;

/** Things that wait to be sent, and a way to wait for one: a commit wakes the stream, the stream sends at its own pace. */
const inbox = <Item>() => {
  const items: Item[] = [];
  let wake: () => void = () => {};
  return {
    put: (item: Item) => {
      items.push(item);
      wake();
    },
    close: () => wake(),
    take: async (waitMs: number): Promise<readonly Item[]> => {
      if (items.length === 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      return items.splice(0);
    },
  };
};

const account = (name: string): string => name.split(":").at(-1) ?? name;

const stageName = (name: string): string => (name.startsWith("expense:") ? "expense" : account(name));

const earningsMessage = async (world: World, { brand, at, fact }: Movement): Promise<LiveMessage> => ({
  kind: "earnings",
  at,
  conversion: fact.conversion,
  moved: fact.transfers.map(({ debit, credit, amountMinor }) => ({
    from: stageName(debit),
    to: stageName(credit),
    amountMinor,
  })),
  now: await earningsShown(readerOf(world.store, brand), fact.contract, world.now()),
});

const parsed = (body: string): Fact => v.parse(FactSchema, JSON.parse(body));

const isMoved = (fact: Fact): fact is Moved => fact.type === "money-moved";

/** What was missed since a position: read from the chain, so that nothing is lost however long the line was down. */
const missed = async (world: World, position: Position, seats: readonly Seat[]): Promise<readonly Movement[]> => {
  const found: Movement[] = [];
  for (const { brand } of seats) {
    let after = position.get(brand);
    while (after !== undefined) {
      const facts = await world.store.facts(brand, after, AT_A_TIME);
      for (const { seq, at, body } of facts) {
        const fact = body.includes('"money-moved"') ? parsed(body) : undefined;
        if (fact && isMoved(fact)) found.push({ brand, seq, at, fact });
      }
      after = facts.length === AT_A_TIME ? facts.at(-1)?.seq : undefined;
    }
  }
  return found;
};

const movements = ({ brand, entries }: Committed): readonly Movement[] =>
  entries.flatMap(({ seq, at, fact }) => (isMoved(fact) ? [{ brand, seq, at, fact }] : []));

interface Line {
  readonly send: (message: LiveMessage, id: string) => Promise<void>;
  readonly open: () => boolean;
  readonly onClose: (done: () => void) => void;
}

const followEarnings = async (world: World, seats: readonly Seat[], from: Position, line: Line): Promise<void> => {
  const box = inbox<Movement>();
  const brands = new Set(seats.map(({ brand }) => brand));
  const position = new Map(from);
  // Listening starts before the past is read, and the position sorts out what is heard twice.
  const stop = world.record.onCommit((committed) => {
    if (brands.has(committed.brand)) for (const it of movements(committed)) box.put(it);
  });
  line.onClose(() => {
    stop();
    box.close();
  });
  const tell = async (it: Movement): Promise<void> => {
    if (it.seq <= (position.get(it.brand) ?? 0)) return;
    position.set(it.brand, it.seq);
    const mine = await findContract(world, seats, it.fact.contract);
    if (mine.ok) await line.send(await earningsMessage(world, it), written(position));
  };
  await line.send({ kind: "hello" }, written(position));
  for (const it of await missed(world, from, seats)) await tell(it);
  while (line.open()) {
    const news = await box.take(KEEP_ALIVE_MS);
    for (const it of news) await tell(it);
    if (news.length === 0 && line.open()) await line.send({ kind: "hello" }, written(position));
  }
};

const followCampaign = async (world: World, seat: Seat, campaign: string, line: Line): Promise<void> => {
  const box = inbox<true>();
  const stop = world.record.onCommit(({ brand }) => {
    if (brand === seat.brand) box.put(true);
  });
  line.onClose(() => {
    stop();
    box.close();
  });
  const tell = async (): Promise<void> => {
    const position = await positionOf(world.store, [seat]);
    const now = await campaignPage(readerOf(world.store, seat.brand), campaign, position);
    await line.send({ kind: "campaign", at: world.now(), now }, position);
  };
  await tell();
  while (line.open()) {
    const news = await box.take(KEEP_ALIVE_MS);
    if (!line.open()) return;
    if (news.length === 0) await line.send({ kind: "hello" }, await positionOf(world.store, [seat]));
    else {
      await tell();
      // Many visits a second are one change on the screen.
      await new Promise((resolve) => setTimeout(resolve, CAMPAIGN_PAUSE_MS));
    }
  }
};

/** The live stream: server-sent events that go on from the position the listener last saw. */
export const openLiveDoor = (app: Hono, world: World): void => {
  app.get(live.path, async (c) => {
    const admitted = await admit(world, c.req.raw, live.audience);
    if (!admitted.ok) return problem(admitted.refusal);
    const { seats } = admitted.value;
    const query = v.safeParse(live.query, c.req.query());
    if (!query.success)
      return problem({ code: "bad-request", because: "This stream takes campaign and from, and nothing else." });
    const { campaign } = query.output;
    const found =
      campaign === undefined
        ? undefined
        : await find<CampaignDoc>(
            world,
            seats.filter(({ role }) => role === "brand"),
            `campaign/${campaign}`,
            () => true,
          );
    if (found && !found.ok) return problem(found.refusal);
    const asked = readPosition(c.req.header("last-event-id") ?? query.output.from);
    const from = asked ?? readPosition(await positionOf(world.store, seats)) ?? new Map();
    c.header("cache-control", "no-store");
    return streamSSE(c, async (stream) => {
      const line: Line = {
        send: (message, id) => stream.writeSSE({ id, data: JSON.stringify(message) }),
        open: () => !stream.aborted && !stream.closed,
        onClose: (done) => stream.onAbort(done),
      };
      const heard = found
        ? followCampaign(world, found.value.seat, campaign ?? "", line)
        : followEarnings(world, seats, from, line);
      await heard.catch((error) => world.warn("a live stream broke off", error));
    });
  });
};
