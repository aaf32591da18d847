import "./platform.ts";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isOpen, standOpen } from "../../extension/app/alone.ts";
import { seeAll } from "../../extension/app/badge.ts";
import { readCached } from "../../extension/app/cache.ts";
import { keepConnection, type Paired } from "../../extension/app/connection.ts";
import { grab } from "../../extension/app/grab.ts";
import { beginPairing } from "../../extension/app/pairing.ts";
import { refresh } from "../../extension/app/sync.ts";
import { mark } from "../../extension/app/vault.ts";
import { someContract, someTerms } from "./evidence.ts";
import { clipboard, eventually, menus, platform, reset } from "./platform.ts";
import { openStandin, type Standin } from "./standin.ts";

const now = Date.now();
let server: Standin;
let paired: Paired;

beforeEach(async () => {
  await reset();
  server = await openStandin([someContract("con_a", ["shop.example:8443"], now, someTerms(now))]);
  paired = { state: "paired", server: server.origin, token: server.token() };
});
afterEach(() => server.close());

const alarm = (name: string): Promise<unknown> =>
  platform.alarms.onAlarm.trigger({ name, scheduledTime: 0 } as never) as Promise<unknown>;
const badge = (): Promise<string> => platform.action.getBadgeText({});
const alarms = async (): Promise<string[]> =>
  ((await platform.alarms.getAll()) as { name: string }[]).map(({ name }) => name).sort();

/** The browser starts the worker: none of it remembers anything. */
const start = async (): Promise<void> => {
  vi.resetModules();
  const { default: background } = await import("../../extension/entrypoints/background.ts");
  background.main?.();
};

const connected = async (): Promise<void> => {
  await keepConnection(paired);
  await refresh(paired);
  await start();
  await eventually(() => expect(menus.created).toHaveLength(2));
};

describe("The background", () => {
  it("keeps exactly the alarms that are called for", async () => {
    await start();
    await eventually(async () => expect(await alarms()).toEqual([]));
    await beginPairing(server.origin);
    await eventually(async () => expect(await alarms()).toEqual(["pairing"]));
    await keepConnection(paired);
    await eventually(async () => expect(await alarms()).toEqual(["sync"]));
    await keepConnection({ state: "apart", server: server.origin });
    await eventually(async () => expect(await alarms()).toEqual([]));
  });

  it("asks for itself whether a code was confirmed, with the popup closed", async () => {
    await start();
    await beginPairing(server.origin);
    server.pairing.answer = "paired";
    await eventually(async () => {
      await alarm("pairing");
      expect((await platform.storage.local.get("connection")).connection).toMatchObject({ state: "paired" });
    });
  });

  it("counts on its badge what moved since the popup was last open", async () => {
    await connected();
    server.lead("con_a", "cnv_1");
    server.lead("con_a", "cnv_2");
    await alarm("sync");
    await eventually(async () => expect(await badge()).toBe("2"));
    server.lead("con_a", "cnv_3");
    await alarm("sync");
    await eventually(async () => expect(await badge()).toBe("3"));
    await seeAll();
    expect(await badge()).toBe("");
  });

  it("leaves counting to the popup while that is open", async () => {
    await connected();
    const closed = Promise.withResolvers<void>();
    standOpen(closed.promise);
    await eventually(async () => expect(await isOpen()).toBe(true));
    server.lead("con_a", "cnv_1");
    await alarm("sync");
    expect(await mark("unseen")).toBeUndefined();
    closed.resolve();
  });

  it("sends what waits as soon as it starts again", async () => {
    await keepConnection(paired);
    await refresh(paired);
    await server.goAway();
    await grab(paired, "con_a", "https://shop.example:8443/course");
    await server.comeBack();
    await start();
    await eventually(() => expect(server.rows).toHaveLength(1));
  });

  it("offers its menu on the pages and links of running campaigns, and nowhere else", async () => {
    await connected();
    expect(menus.created).toMatchObject([
      { contexts: ["page"], documentUrlPatterns: ["*://shop.example/*"] },
      { contexts: ["link"], targetUrlPatterns: ["*://shop.example/*"] },
    ]);
    await keepConnection({ state: "apart", server: server.origin });
    await eventually(() => expect(menus.created).toEqual([]));
  });

  it("offers its menu as soon as the popup knows the contracts, and takes it back with the last of them", async () => {
    await start();
    await keepConnection(paired);
    await eventually(async () => expect(await alarms()).toContain("sync"));
    await platform.storage.session.remove("menus");
    menus.created.length = 0;
    await refresh(paired);
    expect(menus.created).toHaveLength(2);
    await keepConnection({ state: "apart", server: server.origin });
    await eventually(() => expect(menus.created).toEqual([]));
  });

  it("offers each contract where several cover a page, and makes the link of the one that was chosen", async () => {
    await server.close();
    const two = ["con_a", "con_b"].map((id) => someContract(id, ["shop.example"], now, someTerms(now)));
    server = await openStandin([two[0]!, { ...two[1]!, brandName: "R&D", campaignName: "50%sale" }]);
    paired = { state: "paired", server: server.origin, token: server.token() };
    await keepConnection(paired);
    await refresh(paired);
    await start();
    await eventually(() => expect(menus.created).toHaveLength(4));
    const titles = menus.created.map((entry) => (entry as unknown as { title: string }).title);
    expect(new Set(titles)).toEqual(
      new Set(["Copy tracked link · Acme Coding – Autumn courses con_a", "Copy tracked link · R&&D – 50%\u2060sale"]),
    );
    const pageUrl = "https://shop.example/a";
    menus.click?.({ menuItemId: "grab-page con_b", pageUrl });
    await eventually(() => expect(clipboard).toHaveLength(1));
    menus.click?.({ menuItemId: "grab-page con_a", pageUrl });
    await eventually(() => expect(clipboard).toHaveLength(2));
    expect(server.rows.map(({ contract }) => contract)).toEqual(["con_b", "con_a"]);
  });

  it("copies a tracked link by its keys, where one contract alone covers the page in front", async () => {
    await connected();
    platform.tabs.query = (async () => [{ url: "https://shop.example:8443/keys" }]) as never;
    await platform.commands.onCommand.trigger("grab-page");
    await eventually(() => expect(clipboard).toEqual([`${server.origin}/l/mia1`]));
    platform.tabs.query = (async () => [{ url: undefined }]) as never;
    await platform.commands.onCommand.trigger("grab-page");
    await eventually(async () => expect((await readCached()).notices).toMatchObject([{ kind: "nowhere" }]));
    expect(server.rows).toHaveLength(1);
  });

  it("says why there is no link to a page without https", async () => {
    await connected();
    menus.click?.({ menuItemId: "grab-page con_a", pageUrl: "http://shop.example:8443/a" });
    await eventually(async () =>
      expect((await readCached()).notices).toMatchObject([{ kind: "insecure", destination: "shop.example:8443" }]),
    );
    expect(server.attempts).toEqual([]);
  });

  it("copies a tracked link to the page, or to the link, that was clicked", async () => {
    await connected();
    menus.click?.({ menuItemId: "grab-page", pageUrl: "https://shop.example:8443/a?mg=x" });
    await eventually(() => expect(clipboard).toEqual([`${server.origin}/l/mia1`]));
    expect(server.rows[0]?.destination).toBe("https://shop.example:8443/a");
    const linkUrl = "https://shop.example:8443/b";
    menus.click?.({ menuItemId: "grab-link", pageUrl: "https://news.example/", linkUrl });
    await eventually(() => expect(clipboard[0]).toBe(`${server.origin}/l/mia2`));
    await eventually(async () => expect(await badge()).toBe("✓"));
  });

  it("copies nothing, and says why in the popup, where no contract covers the page or the server is away", async () => {
    await connected();
    menus.click?.({ menuItemId: "grab-page", pageUrl: "https://shop.example/other-port" });
    await eventually(async () => expect((await readCached()).notices).toMatchObject([{ kind: "nowhere" }]));
    await server.goAway();
    menus.click?.({ menuItemId: "grab-page", pageUrl: "https://shop.example:8443/a" });
    await eventually(async () => expect((await readCached()).notices[0]).toMatchObject({ kind: "waiting" }));
    expect(clipboard).toEqual([]);
    expect(await alarms()).toContain("waiting");
  });
});
