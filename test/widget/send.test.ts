// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const minute = 60_000;
let status = 503;
let told: string[] = [];

/** A page whose server answers every request with `status`, at once. */
const open = async () => {
  vi.resetModules();
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    told.push(body);
    return { status };
  });
  return import("../../widget/send.ts");
};
type Page = Awaited<ReturnType<typeof open>>;

const lead = (page: Page, at: number): void => page.say("/v1/results", () => ({ lead: at }), true);
const leave = (page: Page): void => {
  page.flush();
  page.retry();
};

beforeEach(() => {
  status = 503;
  told = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([1, 2, 3])("an hour in trouble, %i leads and 30 tab switches: a few dozen requests", async (leads) => {
  const page = await open();
  for (let at = 0; at < leads; at++) {
    lead(page, at);
    await vi.advanceTimersByTimeAsync(1370);
  }
  for (let turn = 0; turn < 30; turn++) {
    page.flush();
    await vi.advanceTimersByTimeAsync(2 * minute);
  }
  expect(told.length).toBeGreaterThan(leads * 8);
  expect(told.length).toBeLessThanOrEqual(leads * 18);
});

test("the wait never runs out of its bounds: a week in trouble is at most one try in eight minutes", async () => {
  const page = await open();
  lead(page, 1);
  await vi.advanceTimersByTimeAsync(60 * minute);
  const before = told.length;
  await vi.advanceTimersByTimeAsync(7 * 24 * 60 * minute);
  expect(told.length - before).toBeGreaterThan(7 * 24 * 5);
  expect(told.length - before).toBeLessThan(7 * 24 * 8);
});

test("leads refused together wait for one timer together", async () => {
  const page = await open();
  for (let at = 0; at < 10; at++) lead(page, at);
  page.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect([told.length, vi.getTimerCount()]).toEqual([10, expect.any(Number)]);
  await vi.advanceTimersByTimeAsync(2500);
  expect(vi.getTimerCount()).toBe(1);
});

test("another message and a tab switch bring no lead forward that is not due", async () => {
  const page = await open();
  lead(page, 1);
  await vi.advanceTimersByTimeAsync(5 * minute);
  told = [];
  lead(page, 2);
  page.flush();
  page.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([`{"lead":2}`]);
});

test("every lead lands, once, within ten minutes of the server being back", async () => {
  const page = await open();
  for (let at = 0; at < 4; at++) lead(page, at);
  await vi.advanceTimersByTimeAsync(60 * minute);
  status = 200;
  told = [];
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(told.sort()).toEqual([0, 1, 2, 3].map((at) => `{"lead":${at}}`));
  await vi.advanceTimersByTimeAsync(60 * minute);
  leave(page);
  expect(told).toHaveLength(4);
});

test("what waits goes out when the visitor leaves, and waits on if that was in vain too", async () => {
  const page = await open();
  lead(page, 1);
  lead(page, 2);
  await vi.advanceTimersByTimeAsync(30 * minute);
  told = [];
  leave(page);
  expect(told.sort()).toEqual([`{"lead":1}`, `{"lead":2}`]);
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(1);
  status = 200;
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(told).toHaveLength(4);
});
