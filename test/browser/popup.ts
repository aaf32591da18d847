import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BrowserContext, CDPSession, Page, Worker } from "playwright-core";

const PATIENCE_MS = 20_000;

/** Wait until something holds; fail, saying what, if it never does. */
export const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  const over = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > over) throw new Error(`This never came true: ${what}`);
    await new Promise((again) => setTimeout(again, 25));
  }
};

const house = fileURLToPath(new URL("../..", import.meta.url));

/** Build the extension for one browser into a folder of its own, so that tests at work at the same time do not meet. */
export const build = async (browser: "chrome" | "firefox"): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-extension-"));
  const script = `
    import { build } from "wxt";
    await build({ root: "extension", browser: ${JSON.stringify(browser)}, outDir: ${JSON.stringify(folder)} });
  `;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: house });
  return join(folder, `${browser}-mv3`);
};

type Send = (method: string, params?: object) => Promise<Record<string, never>>;

/** The browser's own commands, untyped: the ones for extensions are not in anybody's types yet. */
export const commands = async (context: BrowserContext): Promise<{ session: CDPSession; send: Send }> => {
  const session = await context.browser()!.newBrowserCDPSession();
  return { session, send: (method, params = {}) => session.send(method as never, params as never) as never };
};

interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

/** An extension that runs in a browser. */
export interface Loaded {
  readonly id: string;
  readonly context: BrowserContext;
  readonly session: CDPSession;
  readonly send: Send;
}

/** Load an unpacked extension, the way a person does on chrome://extensions. */
export const load = async (context: BrowserContext, path: string): Promise<Loaded> => {
  const { session, send } = await commands(context);
  const { id } = (await send("Extensions.loadUnpacked", { path })) as unknown as { id: string };
  return { id, context, session, send };
};

const targets = async ({ send }: Loaded, filter?: object[]): Promise<readonly Target[]> => {
  const found = await send("Target.getTargets", filter ? { filter } : {});
  return (found as unknown as { targetInfos: Target[] }).targetInfos;
};

/** The extension's service worker, awake. */
export const worker = async ({ context, id }: Loaded): Promise<Worker> => {
  const mine = (it: Worker): boolean => it.url().includes(id);
  return context.serviceWorkers().find(mine) ?? context.waitForEvent("serviceworker", { predicate: mine });
};

/** Kill the extension's service worker, as the browser does whenever it likes. */
export const killWorker = async (loaded: Loaded): Promise<void> => {
  const found = (await targets(loaded)).find(({ type, url }) => type === "service_worker" && url.includes(loaded.id));
  if (found) await loaded.send("Target.closeTarget", { targetId: found.targetId });
};

/** The real popup, opened by the toolbar button, so with its permission for the page in front. */
export interface Popup {
  evaluate<Value>(expression: string): Promise<Value>;
  text(): Promise<string>;
  /** Click on what carries this test id. */
  click(testId: string): Promise<void>;
  type(testId: string, text: string): Promise<void>;
  /** Wait for something to be true of the popup's document. */
  sees(expression: string): Promise<void>;
  has(testId: string): Promise<void>;
  /** One of the browser's own commands, to the popup. */
  readonly command: Send;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

const by = (testId: string): string => `document.querySelector('[data-testid="${testId}"]')`;

const messagesTo = async ({ session, send }: Loaded, targetId: string): Promise<Send> => {
  const { sessionId } = (await send("Target.attachToTarget", { targetId, flatten: false })) as unknown as {
    sessionId: string;
  };
  let last = 0;
  return (method, params = {}) =>
    new Promise((answered, failed) => {
      last += 1;
      const id = last;
      const hear = (event: { sessionId: string; message: string }): void => {
        const message = JSON.parse(event.message);
        if (event.sessionId !== sessionId || message.id !== id) return;
        session.off("Target.receivedMessageFromTarget", hear as never);
        if (message.error) failed(new Error(message.error.message));
        else answered(message.result);
      };
      session.on("Target.receivedMessageFromTarget", hear as never);
      send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) }).catch(failed);
    });
};

/** What a browser must be able to do for its popup to be driven. */
type Reins = Pick<Popup, "evaluate" | "screenshot" | "command" | "close">;

/** Drive a popup, in whatever browser it is. */
export const popupOf = ({ evaluate, screenshot, command, close }: Reins): Popup => {
  const sees = (expression: string): Promise<void> =>
    until(expression, () =>
      evaluate<boolean>(`(() => { try { return Boolean(${expression}); } catch { return false; } })()`),
    );
  const has = (testId: string): Promise<void> => sees(by(testId));
  return {
    evaluate,
    sees,
    has,
    text: () => evaluate("document.body.innerText"),
    click: async (testId) => {
      await has(testId);
      await evaluate(`${by(testId)}.click()`);
    },
    type: async (testId, text) => {
      await has(testId);
      await evaluate(
        `(() => { const it = ${by(testId)}; it.value = ${JSON.stringify(text)}; it.dispatchEvent(new Event("input", { bubbles: true })); })()`,
      );
    },
    screenshot,
    command,
    close,
  };
};

const reins = (call: Send): Pick<Popup, "evaluate" | "screenshot"> => ({
  evaluate: async <Value>(expression: string): Promise<Value> => {
    const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = (await call("Runtime.evaluate", params)) as unknown as {
      result: { value: Value };
      exceptionDetails?: { exception?: { description?: string } };
    };
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  },
  screenshot: async () => {
    const { data } = (await call("Page.captureScreenshot", { format: "png" })) as unknown as { data: string };
    return Buffer.from(data, "base64");
  },
});

/** Press the toolbar button while `page` is in front, and drive the popup that opens. */
export const openPopup = async (loaded: Loaded, page: Page): Promise<Popup> => {
  await page.bringToFront();
  const tabs = await targets(loaded, [{ type: "tab" }]);
  const tab = tabs.find(({ url }) => url === page.url())!;
  await loaded.send("Extensions.triggerAction", { id: loaded.id, targetId: tab.targetId });
  let popup: Target | undefined;
  await until("the popup opens", async () => {
    popup = (await targets(loaded)).find(({ url }) => url.startsWith(`chrome-extension://${loaded.id}/popup.html`));
    return popup !== undefined;
  });
  const { targetId } = popup!;
  const call = await messagesTo(loaded, targetId);
  const gone = async (): Promise<void> => {
    await loaded.send("Target.closeTarget", { targetId });
    await until("the popup closes", async () => !(await targets(loaded)).some((it) => it.targetId === targetId));
  };
  return popupOf({ ...reins(call), command: call, close: gone });
};
