import { browser } from "wxt/browser";
import { noteOnBadge } from "./badge.ts";
import { readCached } from "./cache.ts";
import { connectionNow } from "./connection.ts";
import { copyFromBackground } from "./copy.ts";
import { contractsFor, type Destination, destinationOf } from "./destination.ts";
import { type Grabbed, grab } from "./grab.ts";
import { ON_LINK, ON_PAGE } from "./menus.ts";
import { isPaired } from "./reach.ts";
import type { Contract } from "./shelves.ts";
import { keepNotice } from "./wishes.ts";

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

const note = (): { readonly id: string; readonly at: number } => ({ id: crypto.randomUUID(), at: Date.now() });

const show = async (grabbed: Grabbed, destination: string): Promise<void> => {
  if (grabbed.state === "made") {
    if (await copied(grabbed.link.url)) return noteOnBadge("✓");
    await keepNotice({ ...note(), kind: "made", link: grabbed.link });
  } else if (grabbed.state === "refused")
    await keepNotice({ ...note(), destination, kind: "refused", because: grabbed.because });
  else await keepNotice({ ...note(), destination, kind: "waiting" });
  return speakUp();
};

/** Make and copy a link for the contract that is meant; say why where there is none. */
const make = async (
  page: string | undefined,
  meant: (fitting: readonly Contract[]) => Contract | undefined,
): Promise<void> => {
  const connection = await connectionNow();
  if (!isPaired(connection)) return speakUp();
  const destination: Destination | undefined = destinationOf(page);
  const { contracts, lastContract } = await readCached();
  const fitting = destination ? contractsFor(destination, contracts, lastContract, Date.now()) : [];
  const contract = meant(fitting);
  if (contract && destination?.secure)
    return show(await grab(connection, contract.id, destination.url), destination.url);
  // Where several contracts cover the page, the popup asks for which.
  if (!contract && fitting.length > 0) return speakUp();
  await keepNotice({ ...note(), kind: contract ? "insecure" : "nowhere", destination: destination?.host ?? "" });
  return speakUp();
};

/** What a click in the context menu brings: the page it was made on, and the link it was made on, if any. */
export interface MenuClick {
  readonly menuItemId: string | number;
  readonly pageUrl?: string | undefined;
  readonly linkUrl?: string | undefined;
}

/** Make and copy a tracked link to the page or link that was clicked, for the contract whose entry it was. */
export const onMenuClick = async ({ menuItemId, pageUrl, linkUrl }: MenuClick): Promise<void> => {
  const [on, contract] = String(menuItemId).split(" ");
  if (on !== ON_PAGE && on !== ON_LINK) return;
  await make(on === ON_LINK ? linkUrl : pageUrl, (fitting) => fitting.find(({ id }) => id === (contract ?? id)));
};

/** Make and copy a tracked link to the page in front, where one contract alone covers it. The keys grant a look at its address, this once. */
export const onShortcut = async (command: string): Promise<void> => {
  if (command !== ON_PAGE) return;
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  await make(tab?.url, (fitting) => (fitting.length === 1 ? fitting[0] : undefined));
};
