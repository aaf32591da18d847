import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInUrl } from "../../server/brands.ts";
import { type LandingServer, openLanding } from "../../server/demo/landing.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { type Caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { launch } from "./chromium.ts";
import { build, type Loaded, load, openPopup, type Popup } from "./popup.ts";

const MINUTE = 60_000;
const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));

/** What is paid for a lead: ten dollars for the first, fifteen for what lies above it. */
const FIRST_CENTS = 1000;
const NEXT_CENTS = 1500;

let house: House;
let landing: LandingServer;
let landingUrl: string;
let pocket: BrowserContext;
let street: BrowserContext;
let extension: Loaded;
let contract: string;
let campaign: string;
let ben: Caller;
let benContract: string;
const troubles: string[] = [];

/** A visitor's browser says what it is; a headless one would be taken for the robot it is, and left out of journeys. */
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

const keep = (name: string, picture: Buffer): void => {
  mkdirSync(artefacts, { recursive: true });
  writeFileSync(`${artefacts}${name}.png`, picture);
};

const terms = (from: string, until: string) => ({
  currency: "USD",
  timeZone: "UTC",
  starts: from,
  ends: until,
  period: "flight",
  results: { lead: { counts: "verified" } },
  attribution: { model: "position", windowDays: 30, house: "included" },
  quality: { require: ["email"], duplicateDays: 90 },
  pay: [
    {
      rule: "tiered",
      result: "lead",
      measure: "count",
      mode: "marginal",
      steps: [
        { from: 0, amountMinor: FIRST_CENTS },
        { from: 1, amountMinor: NEXT_CENTS },
      ],
    },
  ],
  guarantee: { result: "lead", target: 50, per: "period", toleranceBp: 500, remedy: { kind: "none" } },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
  requires: { disclosure: "#ad" },
});

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Draft, offer and sign a contract with someone just invited; `accept` is how they come in. */
const agree = async (name: string, accept: (invitation: string) => Promise<Caller>): Promise<[string, Caller]> => {
  const { owner } = house;
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name } }));
  const influencer = await accept(invited.invitationUrl);
  const draft = terms(day(house.clock.at - 86_400_000), day(house.clock.at + 40 * 86_400_000));
  const body = { campaign, influencer: invited.influencer.id, terms: draft };
  const { id, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body }));
  const at = { params: { contract: id } };
  fine(await owner.ask(brandDoors.offerContract, { ...at, body: {} }));
  fine(await signAs(owner, id, termsHash, "Olive Owner"));
  fine(await signAs(influencer, id, termsHash, name));
  return [id, influencer];
};

/** Accept an invitation in a real browser, and answer with its session for asking doors. */
const joinIn =
  (browser: BrowserContext, name: string) =>
  async (invitation: string): Promise<Caller> => {
    const page = await browser.newPage();
    await page.goto(invitation);
    await page.getByTestId("join-name").fill(name);
    await page.getByTestId("join").click();
    await page.waitForURL(/\/contracts/);
    keep("portal-contracts", await page.screenshot());
    const cookies = await browser.cookies(house.origin);
    await page.close();
    const { caller } = await import("../house.ts");
    return caller(house.origin, {
      cookie: cookies.map((it) => `${it.name}=${it.value}`).join("; "),
      origin: house.origin,
    });
  };

const watch = (page: Page): Page => {
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  return page;
};

beforeAll(async () => {
  house = await openHouse(Date.now());
  landing = await openLanding(0);
  landing.show({ makegood: house.origin, publishableKey: house.brand.publishableKey });
  const host = `localhost:${landing.port}`;
  landingUrl = `http://${host}/`;
  campaign = fine(
    await house.owner.ask(brandDoors.createCampaign, { body: { name: "Winter camp", hosts: [host] } }),
  ).id;
  [pocket, street] = await Promise.all([launch(), launch({ userAgent, viewport: { width: 1200, height: 800 } })]);
  extension = await load(pocket, await build("chrome"));
  [contract] = await agree("Ana Lima", joinIn(pocket, "Ana Lima"));
  [benContract, ben] = await agree("Ben Okafor", (invitation) => enter(house.origin, invitation, "Ben Okafor"));
  const poll = {
    title: "One quick question",
    questions: [
      {
        id: "why",
        kind: "choice" as const,
        title: "What brought you here?",
        options: [
          { id: "video", label: "A video" },
          { id: "friend", label: "A friend" },
        ],
      },
      { id: "likely", kind: "scale" as const, title: "How likely are you to sign up?" },
      { id: "missing", kind: "text" as const, title: "What is missing?" },
    ],
    showResults: true,
  };
  fine(await house.owner.ask(brandDoors.openPoll, { params: { campaign }, body: poll }));
});

afterAll(async () => {
  await Promise.all([pocket?.close(), street?.close()]);
  landing?.close();
  await house?.close();
});

const pair = async (page: Page): Promise<void> => {
  const popup = await openPopup(extension, page);
  await popup.type("server-address", house.origin);
  await popup.click("connect");
  await popup.has("user-code");
  keep("popup-pairing", await popup.screenshot());
  const code = await popup.evaluate<string>(`document.querySelector('[data-testid="user-code"]').innerText`);
  await popup.close();
  const confirm = await pocket.newPage();
  await confirm.goto(`${house.origin}/pair?code=${encodeURIComponent(code.trim())}`);
  await confirm.getByTestId("pair-allow").click();
  await confirm.getByTestId("paired").waitFor();
  await confirm.close();
};

const grab = async (page: Page): Promise<string> => {
  const popup = await openPopup(extension, page);
  await popup.click("grab");
  await popup.has("copied");
  keep("popup-copied", await popup.screenshot());
  const url = await popup.evaluate<string>(`document.querySelector('[data-testid="copied"]').dataset.url`);
  await popup.close();
  return url;
};

/** The tag has sent its beacon once the server counts one visit more. */
const visited = async (visit: () => Promise<unknown>): Promise<void> => {
  const visits = async (): Promise<number> =>
    fine(await house.owner.ask(brandDoors.campaign, { params: { campaign } })).visits;
  const before = await visits();
  await visit();
  await expect.poll(visits, { timeout: 15_000 }).toBe(before + 1);
};

const answerPoll = async (page: Page): Promise<void> => {
  await page.getByText("A video", { exact: true }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("9", { exact: true }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.locator("textarea").fill("More dates, please");
  keep("poll", await page.screenshot());
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText("Thank you").first().waitFor();
  keep("poll-results", await page.screenshot());
  await page.locator("makegood-poll .thanks button").click();
};

/** Whoever does not care for the poll closes it. */
const dismissPoll = async (page: Page): Promise<void> => {
  await page.locator("makegood-poll").waitFor({ state: "attached" });
  await page.locator("makegood-poll .x").click();
  await page.locator("makegood-poll").waitFor({ state: "detached" });
};

const leaveLead = async (page: Page, name: string, email: string): Promise<void> => {
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=email]").fill(email);
  await page.getByRole("button", { name: "Send me the programme" }).click();
  await page.getByText("The programme is on its way").waitFor();
};

const shows = (popup: Popup, minor: number): Promise<void> =>
  popup.sees(`document.querySelector('[data-testid="earned-${contract}"]')?.dataset.amountMinor === "${minor}"`);

test("one lead, all the way: from the link in the pocket to the cents in the pocket", async () => {
  const own = await pocket.newPage();
  await own.goto(landingUrl);
  await pair(own);
  const link = await grab(own);
  expect(link).toMatch(/\/l\/[0-9a-z]+$/);
  const benLink = fine(
    await ben.ask(influencerDoors.grabLink, { params: { contract: benContract }, body: { destination: landingUrl } }),
  ).url;

  const popup = await openPopup(extension, own);
  await shows(popup, 0);

  // A visitor comes by Ben's link, later by Ana's, and last by themselves.
  const visitor = watch(await street.newPage());
  await visited(() => visitor.goto(benLink));
  house.clock.at += 40 * MINUTE;
  await visited(() => visitor.goto(link));
  expect(new URL(visitor.url()).searchParams.get("mg")).toContain(".");
  house.clock.at += 40 * MINUTE;
  await visited(() => visitor.goto(landingUrl));
  await answerPoll(visitor);
  house.clock.at += MINUTE;
  await leaveLead(visitor, "Vera", "vera@visitor.example");

  // Three touches, 40/20/40: Ana was in the middle. A fifth of a lead at ten dollars.
  const fifthCents = (FIRST_CENTS * 20) / 100;
  await shows(popup, fifthCents);
  keep("popup-moved", await popup.screenshot());

  // Another person comes by Ana's link alone: the lead that crosses the step at one is split there.
  const other = watch(await (await launchStreet()).newPage());
  house.clock.at += MINUTE;
  await visited(() => other.goto(link));
  house.clock.at += MINUTE;
  await dismissPoll(other);
  await leaveLead(other, "Otto", "otto@visitor.example");
  const bothCents = FIRST_CENTS + (NEXT_CENTS * 20) / 100;
  await shows(popup, bothCents);

  // Every amount opens its explanation, computed again on this device.
  await popup.click(`explain-${contract}`);
  await popup.sees(`document.querySelector('[data-testid="recomputed"]')?.dataset.match === "true"`);
  keep("popup-statement", await popup.screenshot());
  await popup.click("share");
  await popup.sees(`document.querySelectorAll('[data-testid="touch"]').length > 0`);
  await popup.sees(`document.querySelector('[data-testid="recomputed"]')?.dataset.match === "true"`);
  keep("popup-conversion", await popup.screenshot());
  await popup.close();
  expect(troubles).toEqual([]);
});

const streets: BrowserContext[] = [];
const launchStreet = async (): Promise<BrowserContext> => {
  const context = await launch({ userAgent });
  streets.push(context);
  return context;
};
afterAll(() => Promise.all(streets.map((it) => it.close())));

test("the brand sees the same in its console, live", async () => {
  const desk = await street.newPage();
  const url = await signInUrl(house.running.world, "olive@acme.example", `/campaigns/${campaign}`);
  await desk.goto(url ?? "");
  await desk.getByTestId("sign-in").click();
  await desk.getByTestId("visits").waitFor();
  watch(desk);
  // Four landings, and the page that says thank you to each lead.
  await expect.poll(() => desk.getByTestId("visits").innerText()).toBe("6");
  await expect
    .poll(() => desk.locator(`[data-contract="${contract}"] [data-testid="credited-amount"]`).innerText())
    .toBe("$13.00");
  keep("console-campaign", await desk.screenshot({ fullPage: true }));
  const row = fine(await house.owner.ask(conversionDoors.conversions)).conversions[0]!;
  fine(await house.owner.ask(conversionDoors.reject, { params: { conversion: row.id }, body: { reason: "fake" } }));
  // Without the second lead a fifth of a lead is left, and the page says so by itself.
  await expect
    .poll(() => desk.locator(`[data-contract="${contract}"] [data-testid="credited-amount"]`).innerText(), {
      timeout: 10_000,
    })
    .toBe("$2.00");
  await desk.goto(`${house.origin}/conversions/${row.id}`);
  await desk.getByTestId("touch").first().waitFor();
  keep("console-conversion", await desk.screenshot({ fullPage: true }));
  expect(troubles).toEqual([]);
});
