import type { BrowserContext, BrowserContextOptions, Page as Tab } from "playwright-core";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { answer, beacon, result } from "../../shared/wire/visitor.ts";
import { launch } from "./chromium.ts";
import { type Heard, openHouse, openSite } from "./landing.ts";

/** Whatever is said arrives in the end; a busy machine may take its time. */
export const eventually = <T>(seen: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(seen, { timeout: 20_000, interval: 30 });

/** The publishable key of every page on the stage. */
export const key = "pk_abcdefghij0123456789";
/** A click id as an address carries it. */
export const click = "k7x2m9.c2lnbmVkLWNsaWNr";
/** What every page may have before the tag is there. */
export const queue = "window.makegood=window.makegood||function(){(makegood.q=makegood.q||[]).push(arguments)};";

/** A script of the page's own, allowed by its policy. */
export const own = (script: string): string => `<script nonce="own">${script}</script>`;

const doors = { "/v1/beacon": beacon.body, "/v1/results": result.body, "/v1/answers": answer.body };

/**
 * A Makegood that writes down what it is told, a brand's site on another origin, and a browser, for every test of a
 * file. After each test, whatever was said has to be in words the server takes, and to have needed no preflight.
 */
export const setStage = () => {
  let house: Awaited<ReturnType<typeof openHouse>>;
  let site: Awaited<ReturnType<typeof openSite>>;
  let browser: BrowserContext;
  let contexts: BrowserContext[] = [];

  beforeAll(async () => {
    house = await openHouse();
    site = await openSite(house.origin);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await house?.close();
  });
  beforeEach(() => {
    house.heard.length = 0;
    house.methods.length = 0;
    house.replies.page = { json: { poll: null } };
    house.replies.answers = { json: { tally: null } };
    house.replies.results = { json: { recorded: true } };
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts = [];
    for (const { door, type, body } of house.heard) {
      expect(type).toMatch(/^text\/plain/);
      v.parse(doors[door as keyof typeof doors], body);
    }
    expect(house.methods.filter((line) => line.startsWith("OPTIONS"))).toEqual([]);
  });

  const told = (door: string): readonly Heard["body"][] =>
    house.heard.filter((one) => one.door === door).map(({ body }) => body);
  const visits = () => told("/v1/beacon").filter(({ kind }) => kind !== "cta");
  return {
    get house() {
      return house;
    },
    get site() {
      return site;
    },
    tag: (attributes = ""): string =>
      `<script async src="${house.origin}/tag.js" data-key="${key}" ${attributes}></script>`,
    put: (path: string, html: string, headers = {}): void => {
      site.pages[path] = { html, headers };
    },
    told,
    visits,
    paths: () => visits().map(({ p }) => String(p).replace(site.origin, "")),
    /** Open an address in a fresh profile; `complaints` is everything the browser found wrong. */
    open: async (path: string, { init, ...options }: BrowserContextOptions & { readonly init?: string } = {}) => {
      const context = await browser.browser()!.newContext(options);
      contexts.push(context);
      if (init) await context.addInitScript(init);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(site.origin + path);
      return { page, context, complaints };
    },
    /** Everything said before has arrived once this has: the tag keeps its words in order. */
    settled: async (page: Tab): Promise<void> => {
      const before = told("/v1/beacon").filter(({ kind }) => kind === "cta").length;
      await page.evaluate(() => (window as never as { makegood: (word: string) => void }).makegood("cta"));
      await eventually(() => told("/v1/beacon").filter(({ kind }) => kind === "cta").length).toBe(before + 1);
    },
  };
};

/** What the page keeps on the visitor's device. */
export const stored = (page: Tab): Promise<Record<string, string>> => page.evaluate(() => ({ ...localStorage }));

/** Say something through the page's `makegood`. */
export const say = (page: Tab, ...words: readonly unknown[]): Promise<void> =>
  page.evaluate(
    (given) => (window as never as { makegood: (...all: unknown[]) => void }).makegood(...given),
    words as unknown[],
  );
