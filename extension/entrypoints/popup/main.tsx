import { render } from "preact";
import { openPocket } from "../../app/pocket.ts";
import { language } from "../../app/words.ts";
import { App } from "../../views/app.tsx";
import { startClock } from "../../views/clock.ts";
import { lookHere } from "../../views/here.tsx";

const root = document.getElementById("popup");

/** The store is read before the first frame, so that the first frame is already the right one. */
const open = async (): Promise<void> => {
  if (!root) return;
  document.documentElement.lang = language();
  const [close] = await Promise.all([openPocket(), lookHere()]);
  const stopClock = startClock();
  globalThis.addEventListener("pagehide", () => {
    stopClock();
    close();
  });
  render(<App />, root);
};

void open();
