import { browser } from "wxt/browser";
import { alone } from "./alone.ts";
import { readCached } from "./cache.ts";
import { connectionNow } from "./connection.ts";
import { isOn } from "./destination.ts";
import { isPaired } from "./reach.ts";
import type { Contract } from "./shelves.ts";
import { tell } from "./words.ts";

/** What a click in the context menu is about: the page it was made on, or the link it was made on. */
export const ON_PAGE = "grab-page";
/** The same, of a link. */
export const ON_LINK = "grab-link";

interface Entry {
  readonly contract: string;
  readonly title: string;
  readonly patterns: readonly string[];
}

/** Match patterns know no ports, so a campaign on one port offers its menu on all of them; the click decides exactly. */
const patternsOf = ({ hosts }: Contract): string[] => [
  ...new Set(hosts.filter(({ verified }) => verified).map(({ host }) => `*://${host.replace(/:\d+$/, "")}/*`)),
];

/** A title says a name as it is: a browser would take `&` for a key to press, and `%s` for what is selected. */
const literally = (name: string): string => name.replaceAll("&", "&&").replaceAll("%s", "%\u2060s");

const entriesOf = (contracts: readonly Contract[]): readonly Entry[] => {
  const on = contracts.filter((it) => isOn(it, Date.now()) && it.hosts.some(({ verified }) => verified));
  return on.map((it) => ({
    contract: it.id,
    title:
      on.length === 1
        ? tell("copyTrackedLink")
        : tell("copyTrackedLinkFor", literally(it.brandName), literally(it.campaignName)),
    patterns: patternsOf(it),
  }));
};

const SHOWN = "menus";

// Creation has no promise; what goes wrong is left in lastError, which must be read to count as handled.
const done = (): void => void browser.runtime.lastError;

const place = async (): Promise<void> => {
  const connected = isPaired(await connectionNow());
  const entries = connected ? entriesOf((await readCached()).contracts) : [];
  const wanted = JSON.stringify(entries);
  // The popup and the background both place menus, so what stands is written down where both can see it.
  if ((await browser.storage.session.get(SHOWN))[SHOWN] === wanted) return;
  await browser.contextMenus.removeAll();
  for (const { contract, title, patterns } of entries) {
    const [page, link] = [`${ON_PAGE} ${contract}`, `${ON_LINK} ${contract}`];
    browser.contextMenus.create({ id: page, title, contexts: ["page"], documentUrlPatterns: [...patterns] }, done);
    browser.contextMenus.create({ id: link, title, contexts: ["link"], targetUrlPatterns: [...patterns] }, done);
  }
  await browser.storage.session.set({ [SHOWN]: wanted });
};

/**
 * Offer "Copy tracked link" in the context menu of pages and links that belong to a running campaign, and nowhere else:
 * once for each contract, so that where several cover a page it is the reader who chooses.
 */
export const placeMenus = (): Promise<void> => alone("menus", place);
