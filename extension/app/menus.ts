import { browser } from "wxt/browser";
import { noteOnBadge } from "./badge.ts";
import { readCached } from "./cache.ts";
import { connectionNow } from "./connection.ts";
import { copyFromBackground } from "./copy.ts";
import { contractsFor, destinationOf } from "./destination.ts";
import { type Grabbed, grab } from "./grab.ts";
import { isPaired } from "./reach.ts";
import type { Contract } from "./shelves.ts";
import { keepNotice } from "./wishes.ts";
import { tell } from "./words.ts";

const ON_PAGE = "grab-page";
const ON_LINK = "grab-link";

/** Match patterns know no ports, so a campaign on one port offers its menu on all of them; the click decides exactly. */
const patternsOf = (contracts: readonly Contract[]): string[] => {
  const hosts = contracts
    .filter(({ status }) => status === "running")
    .flatMap((contract) => contract.hosts.filter(({ verified }) => verified))
    .map(({ host }) => `*://${host.replace(/:\d+$/, "")}/*`);
  return [...new Set(hosts)].sort();
};

let shown: string | undefined;
let placing: Promise<void> = Promise.resolve();

const place = async (): Promise<void> => {
  const connected = isPaired(await connectionNow());
  const patterns = connected ? patternsOf((await readCached()).contracts) : [];
  const wanted = JSON.stringify(patterns);
  if (wanted === shown) return;
  await browser.contextMenus.removeAll();
  shown = wanted;
  if (patterns.length === 0) return;
  const title = tell("copyTrackedLink");
  // Creation has no promise; what goes wrong is left in lastError, which must be read to count as handled.
  const done = (): void => void browser.runtime.lastError;
  browser.contextMenus.create({ id: ON_PAGE, title, contexts: ["page"], documentUrlPatterns: patterns }, done);
  browser.contextMenus.create({ id: ON_LINK, title, contexts: ["link"], targetUrlPatterns: patterns }, done);
};

/** Offer "Copy tracked link" in the context menu of pages and links that belong to a running campaign, and nowhere else. */
export const placeMenus = (): Promise<void> => {
  placing = placing.catch(() => undefined).then(place);
  return placing;
};

/** What a click in the context menu brings: the page it was made on, and the link it was made on, if any. */
export interface MenuClick {
  readonly menuItemId: string | number;
  readonly pageUrl?: string | undefined;
  readonly linkUrl?: string | undefined;
}

/** Trouble is told in the popup; success only ticks the toolbar button. */
const speakUp = async (): Promise<void> => {
  await noteOnBadge("!");
  try {
    await browser.action.openPopup?.();
  } catch {
    // Not every browser lets us open it, and none without a window in front; then the mark on the button has to do.
  }
};

const copied = (text: string): Promise<boolean> =>
  copyFromBackground(text).then(
    () => true,
    () => false,
  );

const show = async (grabbed: Grabbed, destination: string): Promise<void> => {
  const notice = { id: crypto.randomUUID(), at: Date.now(), destination };
  if (grabbed.state === "made") {
    if (await copied(grabbed.link.url)) return noteOnBadge("✓");
    await keepNotice({ ...notice, kind: "made", link: grabbed.link });
  } else if (grabbed.state === "refused") await keepNotice({ ...notice, kind: "refused", because: grabbed.because });
  else await keepNotice({ ...notice, kind: "waiting" });
  return speakUp();
};

/** Make and copy a tracked link to the page or link that was clicked. */
export const onMenuClick = async (click: MenuClick): Promise<void> => {
  if (click.menuItemId !== ON_PAGE && click.menuItemId !== ON_LINK) return;
  const connection = await connectionNow();
  if (!isPaired(connection)) return speakUp();
  const page = click.menuItemId === ON_LINK ? click.linkUrl : click.pageUrl;
  const destination = destinationOf(page);
  const { contracts, lastContract } = await readCached();
  const contract = destination && contractsFor(destination, contracts, lastContract)[0];
  if (contract) return show(await grab(connection, contract.id, destination.url), destination.url);
  await keepNotice({ id: crypto.randomUUID(), at: Date.now(), kind: "nowhere", destination: destination?.host ?? "" });
  return speakUp();
};
