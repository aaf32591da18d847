import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extensionId } from "../../extension/identity.ts";
import { someContract, someTerms } from "../extension/evidence.ts";
import { openStandin, type Standin } from "../extension/standin.ts";
import { launch } from "./chromium.ts";
import { build, killWorker, type Loaded, load, openPopup, type Popup, worker } from "./popup.ts";

const now = Date.now();
let path: string;
let context: BrowserContext;
let extension: Loaded;
let server: Standin;
let page: Page;

beforeAll(async () => {
  path = await build("chrome");
});
afterAll(() => rmSync(join(path, ".."), { recursive: true }));

beforeEach(async () => {
  const hosts: string[] = [];
  server = await openStandin([someContract("con_a", hosts, now, someTerms(now))]);
  server.contracts[0]!.hosts.push({ host: `127.0.0.1:${server.port}`, verified: true });
  context = await launch({ permissions: ["clipboard-read", "clipboard-write"] });
  extension = await load(context, path);
  await worker(extension);
  page = await context.newPage();
  await page.goto(`${server.origin}/course?lesson=1`);
});
afterEach(async () => {
  await context.close();
  await server.close();
});

const popup = (): Promise<Popup> => openPopup(extension, page);

const pair = async (): Promise<Popup> => {
  const it = await popup();
  await it.type("server-address", server.origin);
  await it.click("connect");
  await it.has("user-code");
  server.pairing.answer = "paired";
  await it.has("earned-con_a");
  return it;
};

const clipboard = async (): Promise<string> => {
  await page.bringToFront();
  return page.evaluate(() => navigator.clipboard.readText());
};

/** What the worker is told by the browser, told by the test. */
const tellWorker = async (what: string): Promise<void> => {
  const it = await worker(extension);
  await it.evaluate(what);
};

/** Wake the worker the way the browser does, by an alarm that is due. */
const alarm = async (it: Popup, name: string): Promise<void> => {
  await it.evaluate(`chrome.alarms.create(${JSON.stringify(name)}, { when: Date.now() })`);
};

const earned = "Number(document.querySelector('[data-testid=\"earned-con_a\"]')?.dataset.amountMinor)";
const announced = "document.querySelector('[data-testid=\"announcer\"]').textContent";
const truly = (): number => server.earnings()[0]!.period!.earnedMinor;

describe("Pairing, in the real popup", () => {
  it("says what the extension does, shows the code, and connects once it is confirmed", async () => {
    expect(extension.id).toBe(extensionId);
    const it = await popup();
    await it.has("disclosure");
    expect(await it.text()).toContain("What it never does");
    await it.type("server-address", "not an address");
    await it.click("connect");
    await it.sees("document.querySelector('[role=alert]').textContent.includes('not a web address')");
    await it.type("server-address", server.origin);
    await it.click("connect");
    await it.sees("document.querySelector('[data-testid=\"user-code\"]').textContent === 'WDJB-MJHT'");
    server.pairing.answer = "paired";
    await it.has("grab");
    await it.sees(`${earned} === ${truly()}`);
  });

  it("is finished by the background when the popup was closed", async () => {
    const it = await popup();
    await it.type("server-address", server.origin);
    await it.click("connect");
    await it.has("user-code");
    await it.close();
    server.pairing.answer = "paired";
    await expect
      .poll(async () => {
        await tellWorker("chrome.alarms.onAlarm.dispatch({ name: 'pairing', scheduledTime: 0 })");
        const stored = await (await worker(extension)).evaluate("chrome.storage.local.get('connection')");
        return (stored as { connection: { state: string } }).connection.state;
      })
      .toBe("paired");
    const again = await popup();
    await again.has("earned-con_a");
  });
});

describe("Ways to a link besides the popup", () => {
  it("are there as soon as it was paired: an entry in the context menu for its contract, and keys", async () => {
    const it = await pair();
    const entry = (id: string): Promise<string> =>
      it.evaluate(
        `new Promise((told) => chrome.contextMenus.update("${id}", {}, () => told(chrome.runtime.lastError?.message ?? "there")))`,
      );
    await expect.poll(() => entry("grab-page con_a")).toBe("there");
    expect(await entry("grab-link con_a")).toBe("there");
    expect(await entry("grab-page con_b")).toContain("Cannot find");
    const keys = "chrome.commands.getAll().then((all) => all.map(({ name, shortcut }) => [name, shortcut].join(' ')))";
    expect(await it.evaluate(keys)).toEqual(["_execute_action Alt+Shift+M", "grab-page Alt+Shift+K"]);
  });
});

describe("Copying a tracked link, in the real popup", () => {
  it("puts it on the clipboard and on the server, and leaves the page alone", async () => {
    await page.goto(`${server.origin}/course?lesson=1&mg=other.token&irclickid=7#top`);
    const address = page.url();
    const look = "chrome.tabs.query({ active: true }).then(([tab]) => tab?.url ?? 'hidden')";
    expect(await (await worker(extension)).evaluate(look)).toBe("hidden");
    const it = await pair();
    await it.has("stripped-ours");
    await it.has("stripped-others");
    await it.click("grab");
    await it.has("copied");
    expect(server.rows.map(({ destination }) => destination)).toEqual([`${server.origin}/course?lesson=1#top`]);
    await it.sees(`${announced}.includes('${server.rows[0]!.url}')`);
    await it.close();
    expect(await clipboard()).toBe(server.rows[0]!.url);
    expect(page.url()).toBe(address);
    expect(await context.cookies()).toEqual([]);
  });

  it("copies its disclosure along when asked", async () => {
    const it = await pair();
    await it.click("grab");
    await it.click("copy-disclosure");
    await it.sees("document.querySelector('[data-testid=\"copied\"]').innerText.includes('Copied with #ad')");
    await it.close();
    expect(await clipboard()).toBe(`${server.rows[0]!.url} #ad`);
  });

  it("is kindly told where no contract covers the page, without asking the server", async () => {
    const first = await pair();
    await first.close();
    await page.goto(`http://localhost:${server.port}/elsewhere`);
    const it = await popup();
    await it.has("no-campaign");
    expect(await it.text()).toContain(`None of your contracts covers localhost:${server.port}`);
    expect(server.attempts).toEqual([]);
  });

  it("works from the context menu of a link, with no window of its own", async () => {
    const it = await pair();
    await it.close();
    const linkUrl = `${server.origin}/course?x=1`;
    await tellWorker(
      `chrome.contextMenus.onClicked.dispatch(${JSON.stringify({ menuItemId: "grab-link", linkUrl, pageUrl: page.url() })}, {})`,
    );
    await expect.poll(() => server.rows.map(({ destination }) => destination)).toEqual([linkUrl]);
    await expect.poll(() => clipboard()).toBe(server.rows[0]!.url);
    await expect.poll(async () => (await worker(extension)).evaluate("chrome.action.getBadgeText({})")).toBe("✓");
  });
});

describe("Live earnings, in the real popup", () => {
  it("move while one watches, are said aloud, and can be explained down to one conversion", async () => {
    const it = await pair();
    await it.sees("document.querySelector('[data-testid=\"status\"]').dataset.state === 'live'");
    server.lead("con_a", "cnv_1");
    await it.sees(`${earned} === ${truly()}`);
    await it.sees(`${announced}.includes('Autumn courses con_a')`);
    await it.click("explain-con_a");
    await it.sees("document.querySelector('[data-testid=\"recomputed\"]')?.dataset.match === 'true'");
    await it.click("share");
    await it.sees("document.querySelectorAll('[data-testid=\"touch\"]').length === 5");
    await it.sees("document.querySelector('[data-testid=\"recomputed\"]')?.dataset.match === 'true'");
    server.lead("con_a", "cnv_2");
    await it.click("back");
    await it.sees("document.querySelectorAll('[data-testid=\"share\"]').length === 2");
  });

  it("are not to be trusted when this device computes something else, and it says so with both figures", async () => {
    const it = await pair();
    server.lead("con_a", "cnv_1");
    server.says.statement = (told) => {
      const { statement } = told as { statement: { totalMinor: number; periods: { earnedMinor: number }[] } };
      statement.totalMinor += 100;
      statement.periods[0]!.earnedMinor += 100;
      return told;
    };
    await it.click("explain-con_a");
    await it.sees("document.querySelector('[data-testid=\"recomputed\"]')?.dataset.match === 'false'");
    const said = await it.evaluate<string>("document.querySelector('[data-testid=\"recomputed\"]').innerText");
    expect(said).toContain(`$${((truly() + 100) / 100).toFixed(2)}`);
    expect(said).toContain(`$${(truly() / 100).toFixed(2)}`);
  });

  it("are counted on the badge while the popup is closed, and no longer once it was opened", async () => {
    const first = await pair();
    await first.close();
    server.lead("con_a", "cnv_1");
    server.lead("con_a", "cnv_2");
    await tellWorker("chrome.alarms.onAlarm.dispatch({ name: 'sync', scheduledTime: 0 })");
    const badge = async (): Promise<unknown> => (await worker(extension)).evaluate("chrome.action.getBadgeText({})");
    await expect.poll(badge, { timeout: 20_000 }).toBe("2");
    const it = await popup();
    await it.sees(`${earned} === ${truly()}`);
    await expect.poll(badge).toBe("");
  });
});

describe("When things break, in the real popup", () => {
  it("a worker killed while a link is being made loses nothing, and the link is made once", async () => {
    const it = await pair();
    await it.close();
    const release = server.hold();
    await tellWorker(
      `chrome.contextMenus.onClicked.dispatch(${JSON.stringify({ menuItemId: "grab-page", pageUrl: page.url() })}, {})`,
    );
    await expect.poll(() => server.attempts.length).toBe(1);
    await killWorker(extension);
    release();
    const again = await popup();
    await alarm(again, "waiting");
    await again.sees("document.querySelectorAll('[data-testid=\"link\"]').length === 1");
    await again.sees("document.querySelector('[data-testid=\"waiting-link\"]') === null");
    expect(server.rows).toHaveLength(1);
    expect(new Set(server.attempts.map(({ key }) => key)).size).toBe(1);
  });

  it("a worker killed while it counts movements counts each of them once", async () => {
    const it = await pair();
    await it.close();
    server.lead("con_a", "cnv_1");
    await tellWorker("chrome.alarms.onAlarm.dispatch({ name: 'sync', scheduledTime: 0 })");
    await expect.poll(() => server.listeners()).toBe(1);
    await killWorker(extension);
    await expect.poll(() => server.listeners()).toBe(0);
    server.lead("con_a", "cnv_2");
    const other = await context.newPage();
    await other.goto(`chrome-extension://${extension.id}/offscreen.html`);
    await other.evaluate("chrome.alarms.create('sync', { when: Date.now() })");
    const badge = (): Promise<string> => other.evaluate("chrome.action.getBadgeText({})");
    await expect.poll(badge, { timeout: 20_000 }).toBe("2");
  });

  it("with the server away, the popup still paints what is known, and a link asked for is made once it is back", async () => {
    server.lead("con_a", "cnv_1");
    const first = await pair();
    await first.sees(`${earned} === ${truly()}`);
    await first.close();
    const known = truly();
    await server.goAway();
    const it = await popup();
    await it.sees(`${earned} === ${known}`);
    await it.has("trouble");
    expect(await it.text()).toContain("offline");
    await it.click("grab");
    await it.has("grab-waiting");
    await it.has("waiting-link");
    await it.close();
    await server.comeBack();
    const again = await popup();
    await again.has("notice");
    await again.sees("document.querySelectorAll('[data-testid=\"link\"]').length === 1");
    expect(server.rows).toHaveLength(1);
    await again.click("copy-made");
    await again.sees("document.querySelector('[data-testid=\"notice\"]') === null");
    await again.close();
    expect(await clipboard()).toBe(server.rows[0]!.url);
  });

  it("a server that ends the connection is told plainly, and what waits is kept for the next one", async () => {
    const it = await pair();
    server.revoke();
    await it.click("grab");
    await it.has("connect");
    expect(await it.text()).toContain("The server ended this connection");
    server.pairing.answer = "paired";
    await it.click("connect");
    await it.has("earned-con_a");
    await it.sees("document.querySelectorAll('[data-testid=\"link\"]').length === 1");
    expect(server.rows).toHaveLength(1);
  });

  it("what is no longer understood of the cache is passed over, and learnt anew", async () => {
    const it = await pair();
    await it.evaluate(`new Promise((done) => {
      const opening = indexedDB.open("makegood");
      opening.onsuccess = () => {
        const tx = opening.result.transaction(["earnings", "contracts", "links"], "readwrite");
        tx.objectStore("earnings").put({ contract: "con_a", money: 7 }, "con_a");
        tx.objectStore("contracts").put("garbage", "con_a");
        tx.objectStore("links").put(null, "old");
        tx.oncomplete = () => { opening.result.close(); done(); };
      };
    })`);
    await it.close();
    const again = await popup();
    await again.sees(`${earned} === ${truly()}`);
    await again.has("grab");
  });

  it("disconnecting wipes everything this browser knew", async () => {
    const it = await pair();
    await it.click("grab");
    await it.has("copied");
    await it.click("about");
    await it.click("disconnect");
    await it.click("disconnect-sure");
    await it.has("connect");
    const left = `new Promise((done) => {
      const opening = indexedDB.open("makegood");
      opening.onsuccess = async () => {
        const names = [...opening.result.objectStoreNames];
        const tx = opening.result.transaction(names);
        const counts = await Promise.all(names.map((name) => new Promise((go) => {
          const counting = tx.objectStore(name).count();
          counting.onsuccess = () => go(counting.result);
        })));
        done(counts.reduce((sum, count) => sum + count, 0));
      };
    })`;
    await expect.poll(() => it.evaluate<number>(left)).toBe(0);
    expect(await it.evaluate<string>("chrome.storage.local.get().then(JSON.stringify)")).not.toContain("tok_");
  });
});
