import { existsSync } from "node:fs";
import { type BrowserContext, chromium } from "playwright-core";

const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The Chromium of this machine, or an error that says how to get one. */
export const findChromium = (): string => {
  const found = places.find((place) => place && existsSync(place));
  if (found) return found;
  throw new Error(
    "No Chromium was found. Install one (Debian: apt-get install chromium) or set CHROMIUM to the path of its binary.",
  );
};

type Options = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-extension-debugging",
];

/** A fresh Chromium with a profile of its own, able to load extensions and to use the back/forward cache. */
export const launch = ({ args = [], ...options }: Options = {}): Promise<BrowserContext> =>
  chromium.launchPersistentContext("", {
    executablePath: findChromium(),
    headless: true,
    ignoreDefaultArgs: ["--disable-extensions", "--disable-back-forward-cache"],
    ...options,
    args: [...flags, ...args],
  });
