import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewBrand } from "../../server/brands.ts";
import { chained } from "../../server/engine/unit.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { openSqlite } from "../../server/store/sqlite.ts";
import { canonical } from "../../shared/kit/canonical.ts";
import { trialBalance } from "../../shared/pay/ledger.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { reverse } from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { caller, enter, fine, type House } from "../house.ts";
import { documentsOf, replayOf } from "./pocket.ts";
import { clickOn, LANDING, onDisk, type Scene, say, setTheScene, terms } from "./scene.ts";

const folder = mkdtempSync(join(tmpdir(), "makegood-crash-"));
const CHILD = fileURLToPath(new URL("./crash.child.ts", import.meta.url));
const WORKERS = 24;

interface Child {
  readonly process: ChildProcess;
  readonly origin: string;
  readonly brand: NewBrand | undefined;
}

const launch = (port: string): Promise<Child> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, folder, port], { stdio: ["ignore", "pipe", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The server left with ${code} before it was up.`)));
    child.stdout.once("data", (line: Buffer) => resolve({ process: child, ...JSON.parse(line.toString()) }));
  });

const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });

let child: Child;
let scene: Scene;
let poll: string;

const begin = async (): Promise<void> => {
  child = await launch("0");
  const { origin, brand } = child;
  const owner = await enter(origin, brand!.signInUrl);
  const server = caller(origin, { authorization: `Bearer ${brand!.secretKey}` });
  const today = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const running = { ...terms, timeZone: "UTC", period: "flight", starts: today(-2), ends: today(2) };
  scene = await setTheScene({ origin } as House, { brand: brand!, owner, server }, { terms: running });
  const questions = [{ id: "score", kind: "scale" as const, title: "How likely?" }];
  const body = { title: "One question", questions };
  poll = fine(await owner.ask(brandDoors.openPoll, { params: { campaign: scene.campaign }, body })).poll.id;
};

beforeAll(begin);
afterAll(async () => {
  await kill(child.process);
  rmSync(folder, { recursive: true, force: true });
});

/** One thing told to the server: what it is, how to tell it again the same, and whether the server said yes. */
interface Told {
  readonly kind: "beacon" | "lead" | "sale" | "refund" | "answer";
  readonly id: string;
  readonly again: () => Promise<unknown>;
  acknowledged: boolean;
}

const told: Told[] = [];

const sayOrFail = async (path: string, body: object): Promise<void> => {
  const response = await say(child.origin, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
};

const whence = (id: string) => ({ k: scene.brand.publishableKey, p: LANDING, n: id, v: `visitor-${id}` });

const tellings: readonly ((id: string, c: string) => Omit<Told, "acknowledged">)[] = [
  (id, c) => ({ kind: "beacon", id, again: () => sayOrFail("/v1/beacon", { ...whence(id), c }) }),
  (id, c) => {
    const lead = { ...whence(id), c, result: "lead", fields: { email: `${id}@visitor.example` } };
    return { kind: "lead", id, again: () => sayOrFail("/v1/results", lead) };
  },
  (id, click) => {
    const body = { result: "sale", id, valueMinor: 10_000, currency: "USD", click };
    return { kind: "sale", id, again: async () => fine(await scene.server.ask(convert, { body })).id };
  },
  (id) => ({
    kind: "answer",
    id,
    again: () => sayOrFail("/v1/answers", { ...whence(id), poll, answers: { score: 7 } }),
  }),
];

const tell = async (one: Omit<Told, "acknowledged">): Promise<unknown> => {
  const it: Told = { ...one, acknowledged: false };
  told.push(it);
  const answer = await it.again();
  it.acknowledged = true;
  return answer;
};

const refund = (conversion: string, id: string): Omit<Told, "acknowledged"> => {
  const given = { params: { conversion }, body: { reversal: id, permille: 200 } };
  return { kind: "refund", id, again: async () => fine(await scene.server.ask(reverse, given)) };
};

/** Knock as fast as the answers come, until the server is gone. */
const work = async (round: number, worker: number): Promise<never> => {
  for (let count = 0; ; count += 1) {
    const id = `r${round}-w${worker}-${count}`.padEnd(10, "x");
    const telling = tellings[(count + worker) % tellings.length]!;
    const made = await tell(telling(id, await clickOn(scene.link.url)));
    if (typeof made === "string" && count % 2 === 0) await tell(refund(made, `refund-${id}`));
  }
};

const PATIENCE_MS = 60_000;

/** Let everybody work until the server has answered so many, and kill it some moment after that, in the middle of the rest. */
const untilKilled = async (least: number, afterMs: number): Promise<readonly string[]> => {
  const [before, began] = [told.length, performance.now()];
  const workers = Array.from({ length: WORKERS }, (_, worker) => work(least, worker).catch(String));
  const answered = () => told.slice(before).filter(({ acknowledged }) => acknowledged).length;
  while (answered() < least) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`Only ${answered()} answers in ${PATIENCE_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await kill(child.process);
  return Promise.all(workers);
};

const restart = async (): Promise<void> => {
  child = await launch(new URL(child.origin).port);
  for (let shut = true; shut; )
    shut = await fetch(`${child.origin}/v1/health`)
      .then((it) => !it.ok)
      .catch(() => true);
};

/** How often each thing told lies on disk: by kind and id, in the place that is its own. */
const timesOnDisk = (): ReadonlyMap<string, number> => {
  const { fact = [], touch = [] } = onDisk(folder, scene.brand.brand);
  const times = new Map<string, number>();
  const note = (kind: string, id: unknown) => times.set(`${kind} ${id}`, (times.get(`${kind} ${id}`) ?? 0) + 1);
  for (const { id } of touch) if (String(id).startsWith("visit:")) note("beacon", String(id).slice("visit:".length));
  for (const { body } of fact) {
    const it = JSON.parse(String(body));
    if (it.type === "conversion-recorded") note(it.result, String(it.externalId).replace(/^page:/, ""));
    if (it.type === "conversion-reversed") note("refund", it.reversal);
    if (it.type === "poll-answered") note("answer", it.answer);
  }
  return times;
};

/** The chain, link by link; the ledger; and every document against what the facts make from nothing. */
const isWhole = async (): Promise<void> => {
  const [store, { brand }] = [openSqlite(join(folder, "makegood.sqlite")), scene.brand];
  let before = { seq: 0, hash: "" };
  for (const { hash, ...entry } of await store.facts(brand, 0, 1_000_000)) {
    expect(entry.seq).toBe(before.seq + 1);
    expect(chained(before.hash, entry)).toBe(hash);
    before = { seq: entry.seq, hash };
  }
  const [stored, drawn] = [await documentsOf({ store, brand }), await replayOf({ store, brand })];
  expect([...drawn.keys()].sort()).toEqual([...stored.keys()].sort());
  for (const [key, body] of stored) expect(canonical(drawn.get(key)!), key).toBe(canonical(body));
  const balances = [...stored].flatMap(([key, body]) =>
    key.startsWith("balance/USD/") ? [[key.slice(12), (body as { balanceMinor: number }).balanceMinor] as const] : [],
  );
  expect(balances.length).toBeGreaterThan(1);
  expect(trialBalance(new Map(balances))).toBeUndefined();
  fine((await verifyBrand(store, brand, { replaying: () => {}, comparing: () => {} })) as never);
  await store.close();
};

const count = (kind: Told["kind"]): number => told.filter((it) => it.kind === kind).length;

/** What people are shown, against what was told in all. */
const isShown = async (): Promise<void> => {
  const { campaign, contract } = scene;
  const page = fine(await scene.owner.ask(brandDoors.campaign, { params: { campaign } }));
  expect(page.results).toEqual({ lead: count("lead"), sale: count("sale") });
  expect(page.visits).toBe(count("beacon"));
  expect(page.polls[0]).toMatchObject({ responses: count("answer"), tally: { score: { "7": count("answer") } } });
  const { statement } = fine(await scene.ana.ask(influencerDoors.statementOf, { params: { contract } }));
  expect(statement.totalMinor).toBe(1000 * count("lead") + 725 * count("sale") - 145 * count("refund"));
};

test.each([1, 60, 150, 300])(
  "killed some moment after %i answers under load, it has everything it ever said yes to, once",
  async (least) => {
    const before = told.length;
    const afterMs = Math.floor(Math.random() * 150);
    const errors = await untilKilled(least, afterMs);
    expect(
      errors.filter((it) => !/fetch failed|unreachable|terminated|other side closed|closed|ECONNRE/.test(it)),
      `killed ${afterMs} ms after ${least} answers`,
    ).toEqual([]);
    const fresh = told.slice(before);
    const lost = fresh.filter(({ acknowledged }) => !acknowledged);
    expect(fresh.length - lost.length).toBeGreaterThanOrEqual(least);
    await restart();
    const kept = timesOnDisk();
    for (const { kind, id, acknowledged } of told) {
      const times = kept.get(`${kind} ${id}`) ?? 0;
      if (acknowledged) expect(times, `${kind} ${id}`).toBe(1);
      else expect(times, `${kind} ${id}`).toBeLessThan(2);
    }
    await isWhole();
    // Whoever got no answer tells it again, and some who did get one as well.
    for (const it of [...lost, ...fresh.slice(0, 40)]) {
      await it.again();
      it.acknowledged = true;
    }
    const mended = timesOnDisk();
    for (const { kind, id } of told) expect(mended.get(`${kind} ${id}`), `${kind} ${id}`).toBe(1);
    expect([...mended.values()].reduce((sum, it) => sum + it, 0)).toBe(told.length);
    await isWhole();
    await isShown();
  },
);

test("killed while it is stopped dead, and again and again while it starts, it comes up with everything, once", async () => {
  const before = told.length;
  const workers = Array.from({ length: WORKERS }, (_, worker) => work(1000, worker).catch(String));
  while (told.slice(before).filter(({ acknowledged }) => acknowledged).length < 40)
    await new Promise((resolve) => setTimeout(resolve, 2));
  child.process.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await kill(child.process);
  await Promise.all(workers);
  for (const afterMs of [150, 300, 450, 600, 900]) {
    const starting = spawn(process.execPath, [CHILD, folder, new URL(child.origin).port], { stdio: "ignore" });
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await kill(starting);
    await isWhole();
  }
  await restart();
  for (const it of told.slice(before)) {
    await it.again();
    it.acknowledged = true;
  }
  const kept = timesOnDisk();
  for (const { kind, id } of told) expect(kept.get(`${kind} ${id}`), `${kind} ${id}`).toBe(1);
  await isWhole();
  await isShown();
});
