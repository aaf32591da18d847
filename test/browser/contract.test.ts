import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBrand, type NewBrand } from "../../server/brands.ts";
import { buildConsole } from "../../server/console/build.ts";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { type Running, start } from "../../server/main.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, caller, fine } from "../house.ts";
import { clickOn, DAY, LANDING } from "../stories/scene.ts";
import { launch } from "./chromium.ts";

/** A contract's whole life as two people live it, each in a browser of their own. Each test goes on where the one before it ended. */

const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));
const TUESDAY = Date.UTC(2026, 10, 10, 10);

const terms = {
  currency: "EUR",
  timeZone: "UTC",
  starts: "2026-11-09",
  ends: "2026-11-29",
  period: "week",
  results: { lead: { counts: "verified" } },
  attribution: { model: "linear", windowDays: 30, house: "included" },
  quality: { require: ["email"], duplicateDays: 90 },
  pay: [
    {
      rule: "tiered",
      result: "lead",
      measure: "count",
      mode: "marginal",
      steps: [
        { from: 0, amountMinor: 1000 },
        { from: 2, amountMinor: 1200 },
      ],
    },
  ],
  guarantee: { result: "lead", target: 5, per: "period", remedy: { kind: "penalty", amountMinor: 500 } },
  timing: { reviewDays: 2, silence: "approve", holdDays: 1, disputeDays: 30 },
};

/** Somebody at a browser of their own. */
interface Person {
  readonly browser: BrowserContext;
  readonly page: Page;
}

const clock = { at: TUESDAY };
const folder = mkdtempSync(join(tmpdir(), "makegood-contract-"));
const troubles: string[] = [];
let running: Running;
let brand: NewBrand;
let olive: Person;
let ana: Person;
let owner: Caller;
let contract: string;
let link: string;
let dispute: string;

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

const somebody = async (): Promise<Person> => {
  const browser = await launch({ viewport: { width: 1280, height: 900 } });
  await browser.clock.setSystemTime(clock.at);
  browser.setDefaultTimeout(15_000);
  return { browser, page: await browser.newPage() };
};

/** Note whatever goes wrong in somebody's browser, from when they are signed in: before that, who they are is asked in vain. */
const watch = ({ page }: Person): void => {
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`${page.url()}: ${message.text()}`);
  });
};

const by = ({ page }: Person, testid: string) => page.locator(`[data-testid="${testid}"]`);
const press = (who: Person, testid: string): Promise<void> => by(who, testid).click();
const fill = (who: Person, testid: string, text: string): Promise<void> => by(who, testid).fill(text);
const pick = (who: Person, testid: string, value: string) => by(who, testid).selectOption(value);
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 10_000 });
const goTo = async ({ page }: Person, path: string): Promise<void> => void (await page.goto(running.origin + path));
const keep = ({ page }: Person, name: string) =>
  page.screenshot({ path: `${artefacts}contract-${name}.png`, fullPage: true, animations: "disabled" });

/** The session of somebody's browser, to knock at doors with. */
const knocking = async ({ browser }: Person): Promise<Caller> => {
  const cookie = (await browser.cookies(running.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
  return caller(running.origin, { cookie, origin: running.origin });
};

/** An authenticator in somebody's device, which confirms whatever it is asked. */
const giveAuthenticator = async ({ browser, page }: Person) => {
  const cdp = await browser.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
};

/** Let days go by, for the server and for both people, and whatever falls due in them happen. */
const wait = async (days: number): Promise<void> => {
  const { store, record } = running.world;
  for (let left = days; left > 0; left -= 1) {
    clock.at += DAY;
    await mature(store, record, clock.at);
  }
  for (const { browser } of [olive, ana]) await browser.clock.setSystemTime(clock.at);
};

const sign = async (who: Person, name: string): Promise<void> => {
  await by(who, "sign-agree").check();
  await fill(who, "sign-name", name);
  await press(who, "sign");
};

beforeAll(async () => {
  mkdirSync(artefacts, { recursive: true });
  await buildConsole();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  running = await start({ folder, port, origin, loopback: true, rateLimits: false, now: () => clock.at });
  brand = await makeBrand(running.world, { name: "Acme Coding", owner: "Olive Owner", email: "olive@acme.example" });
  [olive, ana] = await Promise.all([somebody(), somebody()]);
});
afterAll(async () => {
  await Promise.all([olive?.browser.close(), ana?.browser.close()]);
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the owner signs in and gives herself a passkey; an influencer comes by her invitation", async () => {
  const credentials = await giveAuthenticator(olive);
  await olive.page.goto(brand.signInUrl);
  await press(olive, "sign-in");
  await by(olive, "me-name").getByText("Olive Owner").waitFor();
  await goTo(olive, "/settings/passkeys");
  await press(olive, "add-passkey");
  await fill(olive, "passkey-name", "Olive's laptop");
  await press(olive, "make-passkey");
  await by(olive, "passkey-row").waitFor();
  expect(await credentials()).toHaveLength(1);

  owner = await knocking(olive);
  const made = fine(await owner.ask(brandDoors.createCampaign, { body: { name: "Autumn", hosts: ["localhost:9"] } }));
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name: "Ana Lima" } }));
  const body = { campaign: made.id, influencer: invited.influencer.id, terms };
  contract = fine(await owner.ask(brandDoors.draftContract, { body })).id;
  await ana.page.goto(invited.invitationUrl);
  await fill(ana, "join-name", "Ana Lima");
  await press(ana, "join");
  await ana.page.waitForURL(/\/contracts/);
  for (const who of [olive, ana]) watch(who);
});

test("the brand offers its draft, and the influencer counters in the form", async () => {
  await goTo(olive, `/contracts/${contract}`);
  await press(olive, "offer");
  await by(olive, "on-the-table").waitFor();

  await goTo(ana, `/contracts/${contract}`);
  await press(ana, "counter");
  await fill(ana, "terms/pay/0/steps/1/amountMinor", "15");
  await pick(ana, "terms/guarantee/remedy/kind", "makeGood");
  await fill(ana, "terms/guarantee/remedy/days", "7");
  await pick(ana, "terms/guarantee/remedy/then/kind", "penalty");
  await soon(() => by(ana, "terms-save").isEnabled()).toBe(true);
  await keep(ana, "counter");
  await press(ana, "terms-save");
  await by(ana, "on-the-table").getByText("Counter-offer by Ana Lima").waitFor();
});

test("the brand signs the counter-offer with a passkey, the influencer with her session, and it runs", async () => {
  await goTo(olive, `/contracts/${contract}`);
  await by(olive, "on-the-table").getByText("Counter-offer by Ana Lima").waitFor();
  expect(await by(olive, "on-the-table").textContent()).toContain("15.00 EUR");
  await keep(olive, "on-the-table");
  await sign(olive, "Olive Owner");
  await soon(() => by(olive, "signed-by").textContent()).toContain("Acme Coding has signed it");
  await goTo(ana, `/contracts/${contract}`);
  await sign(ana, "Ana Lima");
  await by(ana, "proof").waitFor();
  await soon(() => by(ana, "signatures").textContent()).toContain("Olive Owner");
  await keep(ana, "signed");
});

test("her link brings leads", async () => {
  await fill(ana, "grab-destination", LANDING);
  await press(ana, "grab-link");
  await by(ana, "link-row").first().waitFor();
  link = (await by(ana, "link-url").first().textContent())?.trim() ?? "";
  expect(link).toMatch(/\/l\/[0-9a-z]+$/);
  const server = caller(running.origin, { authorization: `Bearer ${brand.secretKey}` });
  for (const name of ["vera", "otto", "ida"]) {
    const click = await clickOn(link);
    clock.at += 60_000;
    const body = { result: "lead", id: `lead-${name}`, click, fields: { email: `${name}@visitor.example` } };
    fine(await server.ask(convert, { body }));
  }
});

test("the brand disputes one of them, both say what they have to say, and a split ends it", async () => {
  await goTo(olive, "/conversions");
  await by(olive, "conversion-row").first().click();
  await press(olive, "to-dispute");
  await fill(olive, "dispute-amount", "10");
  await pick(olive, "dispute-reason", "not-a-real-lead");
  await fill(olive, "dispute-text", "The address bounces.");
  await press(olive, "open-dispute");
  await olive.page.waitForURL(/\/disputes\/dsp_/);
  dispute = new URL(olive.page.url()).pathname;
  await soon(() => by(olive, "dispute-status").textContent()).toMatch(/\S/);

  await goTo(ana, dispute);
  await fill(ana, "answer-text", "He answered my mail on Monday.");
  await by(ana, "answer-form").locator("button[data-testid=answer]").click();
  await by(ana, "propose-form").waitFor();

  await goTo(olive, dispute);
  await fill(olive, "split-brand", "4");
  expect(await by(olive, "split-influencer").inputValue()).toBe("6.00");
  await keep(olive, "dispute");
  await by(olive, "propose-form").locator("button[data-testid=propose]").click();
  await soon(() => by(olive, "propose-form").count()).toBe(0);

  await goTo(ana, dispute);
  await press(ana, "accept");
  await press(ana, "confirm-accept");
  await by(ana, "resolved").waitFor();
  await keep(ana, "dispute-resolved");
});

test("the week closes short, with a window to make it good; the brand approves the statement", async () => {
  await wait(7);
  await goTo(olive, `/contracts/${contract}/statement`);
  await by(olive, "guarantee").first().waitFor();
  const states = () => by(olive, "guarantee").evaluateAll((all) => all.map((it) => it.getAttribute("data-state")));
  await soon(async () => (await states()).includes("pending")).toBe(true);
  await press(olive, "approve-statement");
  await soon(() => by(olive, "closing").first().getAttribute("data-approved")).toBe("true");
  await keep(olive, "statement");
});

test("the influencer says where to be paid, the brand makes the batch and settles it with proof", async () => {
  await goTo(ana, "/payouts/details");
  await pick(ana, "details-rail", "manual");
  await fill(ana, "details-note", "By cheque, to Ana");
  await press(ana, "save-details");
  await by(ana, "details-saved").waitFor();

  await goTo(olive, "/payouts/run?rail=manual&currency=EUR");
  await soon(() => by(olive, "plan-total").textContent()).toContain("31.00");
  await keep(olive, "plan");
  await press(olive, "make-batch");
  await press(olive, "confirm-make-batch");
  await olive.page.waitForURL(/\/payouts\/batches\/bat_/);
  await press(olive, "mark-settle");
  await fill(olive, "settle-reference", "Cheque 118");
  await press(olive, "confirm-settle");
  await soon(() => by(olive, "batch-payout").getAttribute("data-status")).toBe("settled");
  await keep(olive, "batch");

  await goTo(ana, "/payouts");
  await soon(() => by(ana, "my-payout").getAttribute("data-status")).toBe("settled");
  expect(await by(ana, "my-payout").textContent()).toContain("Cheque 118");
});

test("the certificate that she downloads passes every check on the page that verifies", async () => {
  await goTo(ana, `/contracts/${contract}`);
  const downloaded = ana.page.waitForEvent("download");
  await press(ana, "certificate");
  const file = await downloaded;
  const name = file.suggestedFilename();
  expect(name).toMatch(/\.pdf$/);
  const bytes = await readFile(await file.path());
  await goTo(ana, "/verify");
  await by(ana, "drop").waitFor();
  await ana.page.evaluate(
    ([name, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name, { type: "application/pdf" }));
      for (const kind of ["dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, bytes.toString("base64")] as const,
  );
  await by(ana, "verdict").waitFor();
  const states = await ana.page
    .locator("[data-check]")
    .evaluateAll((all) => all.map((it) => it.getAttribute("data-state")));
  expect(new Set(states)).toEqual(new Set(["ok"]));
  expect(await by(ana, "verdict").getAttribute("data-tone")).toBe("good");
  const signers = await by(ana, "signer").allTextContents();
  expect(signers[0]).toMatch(/Olive Owner.*passkey/is);
  expect(signers[1]).toContain("Ana Lima");
  await keep(ana, "verified");
});

test("nothing went wrong behind anybody's back, and the books are whole", async () => {
  expect(troubles).toEqual([]);
  const unseen = { replaying: () => {}, comparing: () => {} };
  expect(await verifyBrand(running.world.store, brand.brand, unseen)).toMatchObject({ ok: true });
});
