import "fake-indexeddb/auto";
import { locks } from "node:worker_threads";
import { vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import english from "../../extension/public/_locales/en/messages.json" with { type: "json" };

const words: Readonly<Record<string, { readonly message: string }>> = english;

const getMessage = (name: string, parts: readonly string[] = []): string =>
  (words[name]?.message ?? "").replace(/\$(\d)/g, (_, place: string) => parts[Number(place) - 1] ?? "");

/** The browser as far as the extension needs it and the fake one does not have it. */
interface Menus {
  readonly created: { id: string; documentUrlPatterns?: string[]; targetUrlPatterns?: string[] }[];
  click?: (click: { menuItemId: string; pageUrl?: string; linkUrl?: string }) => void;
}

/** The entries of the context menu, and a way to click on them. */
export const menus: Menus = { created: [] };
/** What was put on the clipboard, last first. */
export const clipboard: string[] = [];

const contextMenus = {
  removeAll: async () => {
    menus.created.length = 0;
  },
  create: (entry: Menus["created"][number], done?: () => void) => {
    menus.created.push(entry);
    done?.();
  },
  onClicked: {
    addListener: (hear: NonNullable<Menus["click"]>) => {
      menus.click = hear;
    },
  },
};

const commands = () => {
  const hearers: ((command: string) => void)[] = [];
  return {
    onCommand: {
      addListener: (hear: (command: string) => void) => void hearers.push(hear),
      trigger: async (command: string) => hearers.at(-1)?.(command),
    },
  };
};

Object.assign(fakeBrowser, { commands: commands() });
Object.assign(fakeBrowser.i18n, { getMessage, getUILanguage: () => "en-US" });
Object.assign(fakeBrowser.contextMenus, contextMenus);
Object.assign(globalThis, { browser: fakeBrowser, chrome: fakeBrowser });
Object.defineProperty(navigator, "locks", { configurable: true, value: locks });
Object.defineProperty(navigator, "clipboard", {
  configurable: true,
  value: {
    writeText: async (text: string) => {
      clipboard.unshift(text);
    },
  },
});

/** The browser that stands in for a real one. */
export const platform = fakeBrowser;

/** Begin anew: an empty store, an empty menu, an empty clipboard. */
export const reset = async (): Promise<void> => {
  fakeBrowser.reset();
  Object.assign(fakeBrowser.i18n, { getMessage, getUILanguage: () => "en-US" });
  menus.created.length = 0;
  clipboard.length = 0;
  const { emptyVault } = await import("../../extension/app/vault.ts");
  await emptyVault();
};

/** Wait until something holds, and fail with its own words if it never does. */
export const eventually = (holds: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(holds, { timeout: 10_000, interval: 20 });
