import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, start as startServer } from "../../server/main.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { earnings as earningsDoor } from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { answerPairing, leave } from "../../shared/wire/people.ts";
import { type Caller, caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { type Firefox, findFirefox, openFirefox } from "./firefox.ts";
import { build, type Popup } from "./popup.ts";

const binary = findFirefox();
const LEAD_CENTS = 1000;
const A_DAY = 86_400_000;
const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

let house: House;
let running: Running;
let shop: Server;
let page: string;
let ana: Caller;
let contract: string;
let path: string;
let firefox: Firefox;
let link = "";
let leads = 0;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const terms = () => ({
  currency: "USD",
  timeZone: "UTC",
  starts: day(Date.now() - A_DAY),
  ends: day(Date.now() + 40 * A_DAY),
  period: "flight",
  results: { lead: { counts: "verified" } },
  attribution: { model: "last", windowDays: 30, house: "included" },
  quality: { require: ["email"], duplicateDays: 90 },
  pay: [{ rule: "perResult", result: "lead", amountMinor: LEAD_CENTS }],
  guarantee: { result: "lead", target: 5, per: "period", remedy: { kind: "none" } },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
});

const agree = async (host: string): Promise<void> => {
  const { owner } = house;
  const campaign = fine(await owner.ask(brandDoors.createCampaign, { body: { name: "Fox camp", hosts: [host] } })).id;
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name: "Ana Lima" } }));
  ana = await enter(house.origin, invited.invitationUrl, "Ana Lima");
  const body = { campaign, influencer: invited.influencer.id, terms: terms() };
  const { id, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body }));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract: id }, body: {} }));
  fine(await signAs(owner, id, termsHash, "Olive Owner"));
  fine(await signAs(ana, id, termsHash, "Ana Lima"));
  contract = id;
};

/** A visitor comes by a link and becomes a lead. */
const lead = async (url: string): Promise<void> => {
  const { headers } = await fetch(url, { redirect: "manual", headers: { "user-agent": userAgent } });
  const click = new URL(headers.get("location")!).searchParams.get("mg")!;
  await new Promise((committed) => setTimeout(committed, 100));
  leads += 1;
  const body = { result: "lead", id: `lead-${leads}`, click, fields: { email: `vera${leads}@visitor.example` } };
  fine(await house.server.ask(convert, { body }));
};

const start = async (popup: Popup): Promise<string> => {
  await popup.type("server-address", house.origin);
  await popup.click("connect");
  await popup.has("user-code");
  return popup.evaluate<string>(`document.querySelector('[data-testid="user-code"]').innerText`);
};

const answer = async (userCode: string, allow: boolean): Promise<unknown> =>
  fine(await ana.ask(answerPairing, { body: { userCode, allow } }));

/** How the extension stands with the server, as any part of it knows. */
const connection = (of: { evaluate<Value>(expression: string): Promise<Value> }) =>
  of.evaluate<{ state: string; token: string }>(
    "browser.storage.local.get('connection').then(({ connection }) => connection)",
  );

const shows = (popup: Popup, minor: number): Promise<void> =>
  popup.sees(`document.querySelector('[data-testid="earned-${contract}"]')?.dataset.amountMinor === "${minor}"`);

const agrees = (popup: Popup): Promise<void> =>
  popup.sees(`document.querySelector('[data-testid="recomputed"]')?.dataset.match === "true"`);

const clipboard = (): Promise<string> => firefox.chrome("return win.navigator.clipboard.readText();");
const badge = (): Promise<string> => firefox.background("browser.action.getBadgeText({})");

const missing = binary ? "" : " (no Firefox here: install firefox-esr, or set FIREFOX to its path)";

describe.skipIf(!binary)(`The extension in Firefox${missing}`, () => {
  beforeAll(async () => {
    house = await openHouse();
    running = house.running;
    shop = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>A shop</title><h1>A shop</h1>");
    });
    await new Promise<void>((listening) => shop.listen(0, "127.0.0.1", listening));
    const host = `127.0.0.1:${(shop.address() as AddressInfo).port}`;
    page = `http://${host}/course?lesson=1`;
    await agree(host);
    path = await build("firefox");
    firefox = await openFirefox(binary!, path);
  });
  afterAll(async () => {
    await firefox?.close();
    shop?.close();
    await running?.stop();
    if (house) rmSync(house.folder, { recursive: true, force: true });
    if (path) rmSync(join(path, ".."), { recursive: true });
  });

  it("asks for nothing but what its manifest names, and for no site", async () => {
    const [permissions, hosts] = await firefox.chrome<[string[], string[]]>(
      "return [[...extension.policy.permissions], extension.policy.allowedOrigins.patterns.map(({ pattern }) => pattern)];",
    );
    expect(permissions.sort()).toEqual(["activeTab", "alarms", "clipboardWrite", "contextMenus", "storage"]);
    expect(hosts.filter((pattern) => !pattern.startsWith("moz-extension:"))).toEqual([]);
  });

  it("says that it was declined, and is connected by its background once it was allowed and the popup is closed", async () => {
    await firefox.visit(page);
    const popup = await firefox.popup();
    await answer(await start(popup), false);
    await popup.sees("document.querySelector('[role=alert]').textContent.includes('declined')");
    const code = await start(popup);
    await popup.close();
    await answer(code, true);
    await expect
      .poll(
        async () => {
          await firefox.background("browser.alarms.create('pairing', { when: Date.now() })");
          return (await connection({ evaluate: firefox.background })).state;
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toBe("paired");
  });

  it("copies a tracked link by its button, its context menu and its keys, and leaves the page alone", async () => {
    const popup = await firefox.popup();
    await popup.click("grab");
    await popup.has("copied");
    link = await popup.evaluate<string>(`document.querySelector('[data-testid="copied"]').dataset.url`);
    expect(await clipboard()).toBe(link);
    const fits = "innerWidth === 380 && document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    expect(await popup.evaluate(fits)).toBe(true);
    await popup.close();
    expect(await firefox.menu("Copy tracked link")).toEqual(["Copy tracked link"]);
    await expect.poll(badge).toBe("✓");
    expect(await clipboard()).toBe(link);
    const other = page.replace("lesson=1", "lesson=2");
    await firefox.visit(other);
    await firefox.press("K");
    await expect.poll(clipboard).not.toBe(link);
    expect(await clipboard()).toMatch(/\/l\/[0-9a-z]+$/);
    expect(await firefox.evaluate("[location.href, document.cookie, document.body.innerHTML].join()")).toBe(
      `${other},,<h1>A shop</h1>`,
    );
    expect(await firefox.chrome("return Services.cookies.cookies.length;")).toBe(0);
  });

  it("offers nothing on the pages of others", async () => {
    await firefox.visit(page.replace("127.0.0.1", "localhost"));
    expect(await firefox.menu()).toEqual([]);
    const popup = await firefox.popup();
    await popup.has("no-campaign");
    await popup.close();
  });

  it("shows earnings as they move, and computes them again down to one conversion", async () => {
    await firefox.visit(page);
    const popup = await firefox.popup();
    await shows(popup, 0);
    await popup.sees("document.querySelector('[data-testid=\"status\"]').dataset.state === 'live'");
    await lead(link);
    await shows(popup, LEAD_CENTS);
    const [told] = fine(await ana.ask(earningsDoor)).earnings;
    expect(told?.period?.earnedMinor).toBe(LEAD_CENTS);
    await popup.click(`explain-${contract}`);
    await agrees(popup);
    await popup.click("share");
    await popup.sees("document.querySelectorAll('[data-testid=\"touch\"]').length === 1");
    await agrees(popup);
    await popup.close();
  });

  it("paints what it knew when the browser was restarted and the server is away, and goes on when it is back", async () => {
    await running.stop();
    await firefox.restart();
    await firefox.visit("about:license");
    const popup = await firefox.popup();
    await shows(popup, LEAD_CENTS);
    await popup.has("trouble");
    expect(await popup.text()).toContain("offline");
    running = await startServer({
      folder: house.folder,
      port: Number(new URL(house.origin).port),
      loopback: true,
      rateLimits: false,
    });
    await popup.sees("document.querySelector('[data-testid=\"status\"]').dataset.state === 'live'");
    await popup.close();
  });

  it("says so when the server ends the connection while one watches", async () => {
    const popup = await firefox.popup();
    await popup.sees("document.querySelector('[data-testid=\"status\"]').dataset.state === 'live'");
    const { token } = await connection(popup);
    fine(await caller(house.origin, { authorization: `Bearer ${token}` }).ask(leave, { body: {} }));
    await lead(link);
    await popup.has("connect");
    expect(await popup.text()).toContain("The server ended this connection");
    await popup.close();
  });
});
