import { browser } from "wxt/browser";
import { defineBackground } from "wxt/utils/define-background";
import { keepAlarms } from "../app/alarms.ts";
import { isOpen } from "../app/alone.ts";
import { noteOnBadge, paintBadge } from "../app/badge.ts";
import { connectionNow, watchConnection } from "../app/connection.ts";
import { onMenuClick, onShortcut } from "../app/errand.ts";
import { sendWaiting } from "../app/grab.ts";
import { placeMenus } from "../app/menus.ts";
import { askOnce } from "../app/pairing.ts";
import { isPaired } from "../app/reach.ts";
import { syncQuietly } from "../app/sync.ts";

/** Bring alarms, menu and badge in line with what is stored. Everything may have been lost but the store. */
const settle = async (): Promise<void> => {
  await Promise.all([keepAlarms(), placeMenus(), paintBadge()]);
};

const sendNow = async (): Promise<void> => {
  const connection = await connectionNow();
  if (isPaired(connection)) await sendWaiting(connection);
};

const welcome = async (): Promise<void> => {
  if (!(await isOpen())) await noteOnBadge("✓");
  await syncQuietly();
};

const due: Readonly<Record<string, () => Promise<void>>> = {
  sync: syncQuietly,
  waiting: sendNow,
  pairing: askOnce,
};

const run = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } finally {
    await settle();
  }
};

export default defineBackground(() => {
  browser.alarms.onAlarm.addListener(({ name }) => void run(due[name] ?? settle));
  browser.contextMenus.onClicked.addListener((click) => void run(() => onMenuClick(click)));
  browser.commands.onCommand.addListener((command) => void run(() => onShortcut(command)));
  browser.runtime.onInstalled.addListener(() => void run(syncQuietly));
  browser.runtime.onStartup.addListener(() => void run(syncQuietly));
  watchConnection((connection) => void run(isPaired(connection) ? welcome : settle));
  // A worker that starts may follow one that was killed in the middle of something.
  void run(sendNow);
});
