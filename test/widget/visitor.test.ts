// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22);
const known = "123456789012345";

/** A page load: the module begins anew, storage and address are what they were. */
const load = async (search = "", consent = true) => {
  vi.resetModules();
  history.replaceState(null, "", `/${search}`);
  const visitor = await import("../../widget/visitor.ts");
  visitor.permit(consent);
  visitor.arrive();
  return visitor;
};
const keep = (line: string): void => localStorage.setItem("makegood", line);
const kept = (): string | null => localStorage.getItem("makegood");
const gpc = (on: boolean): void => {
  Object.defineProperty(navigator, "globalPrivacyControl", { configurable: true, value: on });
};

beforeEach(() => {
  vi.setSystemTime(now);
  localStorage.clear();
  gpc(false);
});
afterEach(() => void vi.useRealTimers());

test("a new visitor gets a random id and keeps it, with the click that led here, under one key", async () => {
  const first = (await load("?mg=abc.tok-en_1~x")).whence() as { v: string; c: string };
  expect(first).toEqual({ v: expect.stringMatching(/^\d{14,33}$/), c: "abc.tok-en_1~x" });
  expect(kept()).toBe(`${first.v},abc.tok-en_1~x,${now}`);
  expect(localStorage.length).toBe(1);
  expect((await load()).whence()).toEqual(first);
});

test("the last click wins, and what is no click id is no click", async () => {
  keep(`${known},old.token,${now - day}`);
  expect((await load("?a=1&mg=new.token&b=2")).whence()).toEqual({ v: known, c: "new.token" });
  expect((await load("?mg=%3Cscript%3E")).whence()).toEqual({ v: known, c: "new.token" });
  expect((await load("?omg=other.token")).whence()).toEqual({ v: known, c: "new.token" });
});

test("ninety days after the last click nobody is remembered", async () => {
  keep(`${known},old.token,${now - 90 * day + 1}`);
  expect((await load()).whence()).toEqual({ v: known, c: "old.token" });
  keep(`${known},old.token,${now - 90 * day}`);
  const { v, c } = (await load()).whence() as { v: string; c: string };
  expect([v === known, c]).toEqual([false, ""]);
});

test.each(["", "nonsense", ",,", `${known}`, `${known},x,soon`, `${known}|a.b|${now}`, "{}"])(
  "a spoilt record (%j) is a new visitor",
  async (line) => {
    keep(line);
    const { v } = (await load()).whence() as { v: string };
    expect(v).toMatch(/^\d{14,33}$/);
    expect(v).not.toBe(known);
  },
);

test("an unchanged visitor is read and never rewritten", async () => {
  keep(`${known},a.b,${now - day}`);
  const visitor = await load("?mg=a.b");
  visitor.whence();
  visitor.whence();
  expect(kept()).toBe(`${known},a.b,${now - day}`);
});

test("without consent there is the bare code and nothing is read or written", async () => {
  keep(`${known},a.b,${now}`);
  const visitor = await load("?mg=code.token", false);
  expect(visitor.whence()).toEqual({ c: "code" });
  visitor.remember("poll");
  expect(visitor.met("poll")).toBe(true);
  expect(kept()).toBe(`${known},a.b,${now}`);
});

test("Global Privacy Control outranks consent", async () => {
  gpc(true);
  const visitor = await load("?mg=code.token");
  expect(visitor.identified()).toBe(false);
  expect(visitor.whence()).toEqual({ c: "code" });
  expect(kept()).toBeNull();
});

test("a poll answered before consent is still known after it, and on the next page", async () => {
  const visitor = await load("", false);
  visitor.remember("before");
  visitor.permit(true);
  visitor.whence();
  visitor.remember("after");
  expect(visitor.met("before") && visitor.met("after")).toBe(true);
  const next = await load();
  expect(next.met("before")).toBe(false);
  next.whence();
  expect(next.met("before") && next.met("after") && !next.met("other")).toBe(true);
});

test("forgetting erases what was kept, and the next yes is somebody new", async () => {
  const visitor = await load();
  const { v } = visitor.whence() as { v: string };
  visitor.permit(false);
  visitor.forget();
  expect(kept()).toBeNull();
  visitor.permit(true);
  expect(visitor.whence()).not.toMatchObject({ v });
});

test("a later click in another tab is not undone by an earlier one, and what either tab met is kept by both", async () => {
  const earlier = await load("?mg=first.token");
  earlier.whence();
  const later = await load("?mg=second.token");
  later.whence();
  earlier.remember("one");
  later.remember("two");
  expect(earlier.whence()).toMatchObject({ c: "first.token" });
  const next = await load();
  expect(next.whence()).toMatchObject({ c: "second.token" });
  expect([next.met("one"), next.met("two")]).toEqual([true, true]);
});

test("when there is no room to write, a known visitor stays known and a new one is nobody", async () => {
  const full = (): never => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const stranger = await load();
  const room = (line: string | undefined) =>
    new Proxy({}, { get: (_, name) => (name === "makegood" ? line : undefined), set: full });
  vi.stubGlobal("localStorage", room(undefined));
  expect(stranger.whence().v).toBeUndefined();
  vi.stubGlobal("localStorage", room(`${known},a.b,${now}`));
  stranger.remember("poll");
  expect(stranger.met("poll")).toBe(true);
  const returning = await load();
  expect(returning.whence()).toEqual({ v: known, c: "a.b" });
  returning.remember("poll");
  expect(returning.whence()).toEqual({ v: known, c: "a.b" });
  vi.unstubAllGlobals();
});
