import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole } from "../../server/console/build.ts";
import * as attribution from "../../shared/wire/attribution.ts";
import { fine } from "../house.ts";
import { type Crowd, openCrowd, type Step } from "../stories/crowd.ts";
import { DAY, NOON, terms } from "../stories/scene.ts";
import { launch } from "./chromium.ts";

/** A campaign's attribution, as its brand looks at it: over a real server, in a real browser. */

const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));

/** Ways people went, how many of each bought something, and for how much; and how many went it for nothing. */
const ways: readonly (readonly [steps: readonly Step[], bought: number, valueMinor: number, nothing: number])[] = [
  [["ana", "bea"], 3, 12_000, 2],
  [["ana"], 2, 9_000, 3],
  [["bea", "house"], 2, 15_000, 1],
  [["house", "ana", "bea"], 1, 20_000, 2],
];

let crowd: Crowd;
let browser: BrowserContext;
let page: Page;
const troubles: string[] = [];

const by = (testid: string) => page.locator(`[data-testid="${testid}"]`);

/** What must become so, however busy the machine is. */
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 30_000 });

const movedMinor = async (): Promise<number> => Number(await by("headline").getAttribute("data-moved-minor"));

const asked = (query: Readonly<Record<string, string>>) =>
  crowd.scene.owner.ask(attribution.attributionPage, { params: { campaign: crowd.scene.campaign }, query });

const keep = async (name: string): Promise<void> => {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: `${artefacts}attribution-${name}.png`, fullPage: true });
};

const live = async (): Promise<void> => {
  let somebody = 0;
  for (const [steps, bought, valueMinor, nothing] of ways)
    for (let index = 0; index < bought + nothing; index += 1) {
      somebody += 1;
      const visitor = `n${somebody}`;
      await crowd.walk(visitor, steps);
      if (index < bought) await crowd.buys(visitor, valueMinor);
    }
  // Weights are fitted on days that are over.
  crowd.house.clock.at += 2 * DAY;
};

beforeAll(async () => {
  await buildConsole();
  const allowing = { ...terms, attribution: { ...terms.attribution, holdoutBp: 2000 } };
  crowd = await openCrowd(NOON, allowing);
  await live();
  browser = await launch({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
  browser.setDefaultTimeout(30_000);
  await browser.clock.setSystemTime(crowd.house.clock.at);
  const { origin } = crowd.house;
  const cookies = (crowd.scene.owner.headers.cookie ?? "").split("; ").map((it) => it.split("=", 2));
  await browser.addCookies(cookies.map(([name = "", value = ""]) => ({ name, value, url: origin })));
  page = await browser.newPage();
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    // A refusal's status is logged by the browser itself; it is part of the story, not a fault.
    if (message.type() === "error" && !message.text().includes("Failed to load resource"))
      troubles.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  await crowd?.close();
  expect(troubles).toEqual([]);
});

test("the campaign leads to it, and as things are nobody would get anything else", async () => {
  await page.goto(`${crowd.house.origin}/campaigns/${crowd.scene.campaign}`);
  await by("to-attribution").click();
  await soon(() => by("headline").textContent()).toContain("as they are now");
  expect(await movedMinor()).toBe(0);
  await soon(() => by("payee-row").count()).toBe(3);
});

test("another model moves the headline by what the server says, without the page ever going away", async () => {
  const { moved } = fine(await asked({ model: "last" }));
  expect(moved.valueMinor).toBeGreaterThan(0);
  const before = await by("answered").elementHandle();
  await by("model-last").click();
  await soon(movedMinor).toBe(moved.valueMinor);
  expect(await by("headline").textContent()).toContain("Under last touch, $");
  expect(await before?.evaluate((it) => it.isConnected)).toBe(true);
  await soon(() => by("answered").getAttribute("aria-busy")).toBe("false");
  await keep("last");
});

test("every look is in the address: it can be opened again, and gone back from", async () => {
  await by("model-timeDecay").click();
  await page.waitForURL(/model=timeDecay/);
  await by("what-if-halfLifeDays").fill("2");
  await page.keyboard.press("Enter");
  await page.waitForURL(/halfLifeDays=2/);
  const { moved } = fine(await asked({ model: "timeDecay", halfLifeDays: "2" }));
  await soon(movedMinor).toBe(moved.valueMinor);
  await page.reload();
  await soon(movedMinor).toBe(moved.valueMinor);
  expect(await by("what-if-halfLifeDays").inputValue()).toBe("2");
  await page.goBack();
  await soon(() => by("what-if-halfLifeDays").inputValue()).toBe("7");
  await page.goBack();
  await soon(() => by("what-if").getAttribute("data-model")).toBe("last");
});

test("what cannot be asked is refused at its field, by the server's own words", async () => {
  await page.goto(
    `${crowd.house.origin}/campaigns/${crowd.scene.campaign}/attribution?model=timeDecay&halfLifeDays=9999`,
  );
  await soon(() => by("field-problem").count()).toBe(1);
  expect(await by("what-if-halfLifeDays").getAttribute("aria-invalid")).toBe("true");
  await by("what-if-halfLifeDays").fill("5");
  await page.keyboard.press("Enter");
  await soon(() => by("payee-row").count()).toBe(3);
  expect(await by("field-problem").count()).toBe(0);
});

test("weights frozen here are checked in this browser, and offered where terms are written", async () => {
  await by("freeze").click();
  await by("confirm-freeze").click();
  await soon(() => by("fit").count()).toBe(1);
  await soon(() => by("fit-hash").getAttribute("data-check")).toBe("same");
  await keep("frozen");
  const hash = await by("fit").getAttribute("data-hash");
  await by("draft-with-fit").click();
  await by("terms/attribution/model").selectOption("markov");
  await soon(() => by("terms/attribution/learned/fit").locator(`option[value="${hash}"]`).count()).toBe(1);
  await by("terms/attribution/learned/fit").selectOption(hash ?? "");
  await soon(async () => JSON.parse(await by("terms-json").inputValue()).attribution.learned.fit).toBe(hash);
});

test("a holdout begins after it was said whose contracts allow it, says it is too early, and ends", async () => {
  await page.goto(`${crowd.house.origin}/campaigns/${crowd.scene.campaign}/attribution`);
  await by("begin-holdout").click();
  await soon(() => by("allowing").textContent()).toContain("Ana Lima allows up to 20%");
  await by("confirm-begin").click();
  await soon(() => by("holdout").getAttribute("data-over")).toBe("false");
  expect(await by("too-early").textContent()).toContain("Too early to say");
  await by("end-holdout").click();
  await by("confirm-end").click();
  await soon(() => by("holdout").getAttribute("data-over")).toBe("true");
});

test("a phone of 360 pixels shows all of it without scrolling sideways", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await by("payee-row").first().waitFor();
  const beyond = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
  expect(beyond).toBe(0);
  await keep("phone");
});
