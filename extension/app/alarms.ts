import { browser } from "wxt/browser";
import { connectionNow } from "./connection.ts";
import { grabsWaiting } from "./wishes.ts";

/** The alarms there are: each names what is due. A browser rounds periods below half a minute up to it. */
export const alarms = { sync: 5, waiting: 1, pairing: 0.5 } as const;

type Due = keyof typeof alarms;

const keep = async (due: Due, wanted: boolean): Promise<void> => {
  const there = (await browser.alarms.get(due)) !== undefined;
  if (wanted && !there) await browser.alarms.create(due, { periodInMinutes: alarms[due] });
  if (!wanted && there) await browser.alarms.clear(due);
};

/** Have exactly the alarms that what is stored calls for. Browsers may forget alarms, so this is called at every start. */
export const keepAlarms = async (): Promise<void> => {
  const [{ state }, waiting] = await Promise.all([connectionNow(), grabsWaiting()]);
  await keep("sync", state === "paired");
  await keep("waiting", state === "paired" && waiting.length > 0);
  await keep("pairing", state === "pairing");
};
