import { spawnSync } from "node:child_process";
import { findChromium } from "./browser/chromium.ts";
import { findFirefox } from "./browser/firefox.ts";

const found = (): string | undefined => {
  try {
    return findChromium();
  } catch {
    return undefined;
  }
};

const install = (): void => {
  const apt = (...args: readonly string[]) =>
    spawnSync("apt-get", args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
      .status === 0;
  console.log("No Chromium found: installing Debian's.");
  if (!apt("update") || !apt("install", "-y", "--no-install-recommends", "chromium"))
    console.error("apt-get could not install chromium.");
};

/** The browser stories need a Chromium: find one, install it where we may, or say exactly what is missing. */
const mayInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
if (found() === undefined && mayInstall) install();
const chromium = found();
if (chromium === undefined) {
  console.error(
    "The browser tests need Chromium. Install it (Debian, Ubuntu: sudo apt-get install chromium) or set CHROMIUM to its path, then run npm test again.",
  );
  process.exit(1);
}
console.log(`Chromium: ${chromium}`);
console.log(
  `Firefox: ${findFirefox() ?? "none, so what is tested in it is skipped (Debian: apt-get install firefox-esr, or set FIREFOX to its path)"}`,
);
