import { browser } from "wxt/browser";

/** How the worker asks the offscreen page to copy something. */
export interface CopyWish {
  readonly to: "offscreen";
  readonly copy: string;
}

const PAGE = "offscreen.html";

const throughOffscreen = async (copy: string): Promise<void> => {
  if (!(await browser.offscreen.hasDocument())) {
    await browser.offscreen.createDocument({
      url: PAGE,
      reasons: ["CLIPBOARD"],
      justification: "Copies the tracked link that was asked for in the context menu.",
    });
  }
  const wish: CopyWish = { to: "offscreen", copy };
  await browser.runtime.sendMessage(wish);
  await browser.offscreen.closeDocument();
};

/** Copy text where there is no window: Firefox's background page has a clipboard, Chromium's worker borrows an offscreen page's. */
export const copyFromBackground = async (text: string): Promise<void> => {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else await throughOffscreen(text);
};
