import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { geckoId } from "../../extension/identity.ts";
import { type Popup, popupOf, until } from "./popup.ts";

const places = [
  process.env.FIREFOX,
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/snap/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** The Firefox of this machine, if it has one. */
export const findFirefox = (): string | undefined => places.find((place) => place && existsSync(place));

/** The part of an extension's address that Firefox otherwise chooses by chance. */
const HOST = "7a1e5c0d-0000-4000-8000-0000000000aa";

const preferences: Readonly<Record<string, string | number | boolean>> = {
  "extensions.webextensions.uuids": JSON.stringify({ [geckoId]: HOST }),
  "marionette.port": 0,
  "remote.prefs.recommended": true,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  // What is only lent to a browser is taken back when it quits; what it remembers must be there when it is lent again.
  "extensions.webextensions.keepStorageOnUninstall": true,
  "extensions.webextensions.keepUuidOnUninstall": true,
  // The popup must stay open while nobody touches the window.
  "ui.popup.disable_autohide": true,
};

const preference = ([name, value]: readonly [string, unknown]): string =>
  `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`;

type Command = (name: string, params?: object) => Promise<{ readonly value?: unknown }>;
type Answer = (error: { message: string } | null, result: { value?: unknown }) => void;

/**
 * Firefox's own remote control, Marionette: JSON over TCP, each message after its length and a colon. A command is
 * `[0, id, name, params]`, its answer `[1, id, error, result]`; the first message is a greeting.
 */
const marionette = (socket: Socket): { readonly command: Command; readonly greeted: Promise<void> } => {
  const waiting = new Map<number, Answer>();
  const greeting = Promise.withResolvers<void>();
  let bytes = Buffer.alloc(0);
  let last = 0;

  const hear = (message: unknown): void => {
    if (!Array.isArray(message)) {
      greeting.resolve();
      return;
    }
    const [, id, error, result] = message;
    waiting.get(id)?.(error, result);
    waiting.delete(id);
  };
  socket.on("data", (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    for (;;) {
      const colon = bytes.indexOf(":");
      const ends = colon + 1 + Number(bytes.subarray(0, Math.max(colon, 0)));
      if (colon === -1 || bytes.length < ends) return;
      hear(JSON.parse(String(bytes.subarray(colon + 1, ends))));
      bytes = bytes.subarray(ends);
    }
  });
  const command: Command = (name, params = {}) =>
    new Promise((answered, failed) => {
      last += 1;
      waiting.set(last, (error, result) => (error ? failed(new Error(`${name}: ${error.message}`)) : answered(result)));
      const text = JSON.stringify([0, last, name, params]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  return { command, greeted: greeting.promise };
};

/** Wait for the line on which Firefox can be told what to do. */
const reach = async (profile: string): Promise<Socket> => {
  const file = join(profile, "MarionetteActivePort");
  await until("Firefox listens", async () => existsSync(file) && readFileSync(file, "utf8") !== "");
  const socket = connect(Number(readFileSync(file, "utf8")), "127.0.0.1");
  // It hangs up when it quits, and not always politely.
  socket.on("error", () => undefined);
  return socket;
};

/** A running Firefox with the extension in it. */
export interface Firefox {
  /** Where the extension's pages live. */
  readonly origin: string;
  /** Go to a page, and wait until it is there. */
  visit(url: string): Promise<void>;
  /** Evaluate in the page in front. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** The body of an asynchronous function, run with the browser's own rights; `extension` and `win` are at hand. */
  chrome<Value>(body: string, ...given: readonly unknown[]): Promise<Value>;
  /** Click on the page with the right button, and say what the menu offers of the extension; choose the entry of this name, if it is there. */
  menu(choose?: string): Promise<readonly string[]>;
  /** Press one of the extension's keyboard shortcuts. */
  press(letter: string): Promise<void>;
  /** Press the toolbar button, and drive the popup that opens. */
  popup(): Promise<Popup>;
  /** Evaluate in the extension's background page, woken if it sleeps. */
  background<Value>(expression: string): Promise<Value>;
  /** Quit Firefox and start it again with the same profile. Add-ons that were only lent to it are gone, and are lent again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const withExtension = `
  const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
  const extension = ExtensionParent.GlobalManager.getExtension(${JSON.stringify(geckoId)});
  const win = Services.wm.getMostRecentWindow("navigator:browser");
  const popup = () => win.document.querySelector(".webextension-popup-browser");
  const within = (browser, expression) => new Promise((told) => {
    const name = "told:" + Math.random();
    browser.messageManager.addMessageListener(name, function hear({ data }) {
      browser.messageManager.removeMessageListener(name, hear);
      told(data);
    });
    const script = "(async () => { try {" +
      "const box = new Components.utils.Sandbox(content, { sandboxPrototype: content, wantXrays: false });" +
      "const value = await Components.utils.evalInSandbox(" + JSON.stringify(expression) + ", box);" +
      "sendAsyncMessage(" + JSON.stringify(name) + ", { value });" +
      "} catch (error) { sendAsyncMessage(" + JSON.stringify(name) + ", { error: String(error) }); } })()";
    win.setTimeout(() => told({ lost: true }), 5000);
    browser.messageManager.loadFrameScript("data:application/javascript;charset=utf-8," + encodeURIComponent(script), false);
  });
`;

type Told<Value> = { value?: Value; error?: string; lost?: true };

const asked = <Value>({ value, error, lost }: Told<Value>, of: string): Value => {
  if (error !== undefined || lost) throw new Error(`${of}: ${error ?? "was never answered"}`);
  return value as Value;
};

/** What can be done with a Firefox, by its remote control. */
const handsOn = (command: Command) => {
  const run = async <Value>(script: string, given: readonly unknown[]): Promise<Value> => {
    const whole = `const given = [...arguments]; const done = given.pop();
      (async () => { ${script} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value } = await command("WebDriver:ExecuteAsyncScript", { script: whole, args: given });
    return asked(value as Told<Value>, script);
  };
  const inContext = async <Value>(context: string, work: () => Promise<Value>): Promise<Value> => {
    await command("Marionette:SetContext", { value: context });
    return work();
  };
  const chrome: Firefox["chrome"] = (body, ...given) =>
    inContext("chrome", () => run(`${withExtension}\n${body}`, given));
  const visit = (url: string): Promise<void> =>
    inContext("content", async () => {
      await command("WebDriver:Navigate", { url });
    });
  const evaluate: Firefox["evaluate"] = (expression) => inContext("content", () => run(`return ${expression};`, []));
  const rightClick = async (): Promise<void> => {
    const moves = [
      { type: "pointerMove", x: 200, y: 200 },
      { type: "pointerDown", button: 2 },
      { type: "pointerUp", button: 2 },
    ];
    const mouse = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: moves };
    await inContext("content", () => command("WebDriver:PerformActions", { actions: [mouse] }));
  };
  const menu: Firefox["menu"] = async (choose) => {
    await rightClick();
    await until("the context menu opens", () =>
      chrome<boolean>("return win.document.getElementById('contentAreaContextMenu').state === 'open';"),
    );
    return chrome<string[]>(
      `const menu = win.document.getElementById("contentAreaContextMenu");
      const entries = [...menu.querySelectorAll("menuitem, menu")].filter(({ id }) => id.includes("makegood"));
      const labels = entries.map(({ label }) => label);
      const chosen = entries.find(({ label }) => label === given[0]);
      if (chosen) menu.activateItem(chosen); else menu.hidePopup();
      return labels;`,
      choose ?? null,
    );
  };
  const press: Firefox["press"] = (letter) =>
    chrome(
      "[...win.document.querySelectorAll('keyset[id^=ext-keyset] key')].find((it) => it.getAttribute('key') === given[0]).doCommand();",
      letter,
    );
  return { chrome, visit, evaluate, menu, press };
};

const popupIn = async (chrome: Firefox["chrome"]): Promise<Popup> => {
  await chrome("await ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(win);");
  // A popup that is just being drawn may change its process, and what was asked of the old one is never answered.
  const evaluate = async <Value>(expression: string, tries = 4): Promise<Value> => {
    const told = await chrome<Told<Value>>("return popup() ? within(popup(), given[0]) : { lost: true };", expression);
    return told.lost && tries > 1 ? evaluate(expression, tries - 1) : asked(told, expression);
  };
  await until("the popup opens", () =>
    chrome<boolean>("return Boolean(popup()) && popup().currentURI.spec.endsWith('/popup.html');"),
  );
  const screenshot = async (): Promise<Buffer> => {
    const picture = await chrome<string>(`
      const { width, height } = popup().getBoundingClientRect();
      const context = popup().browsingContext;
      const bitmap = await context.currentWindowGlobal.drawSnapshot(new win.DOMRect(0, 0, width, height), 1, "white");
      const canvas = win.document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
      canvas.width = bitmap.width; canvas.height = bitmap.height;
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      return canvas.toDataURL("image/png").split(",")[1];`);
    return Buffer.from(picture, "base64");
  };
  const close = async (): Promise<void> => {
    await chrome("popup()?.closest('panel')?.hidePopup();");
    await until("the popup closes", () => chrome<boolean>("return popup() === null;"));
  };
  const command = (): Promise<never> => Promise.reject(new Error("Firefox takes none of Chromium's commands."));
  return popupOf({ evaluate, screenshot, close, command });
};

const open = async (binary: string, profile: string) => {
  const given = ["--headless", "--no-remote", "--profile", profile, "--marionette", "--remote-allow-system-access"];
  const firefox = spawn(binary, [...given, "about:blank"], { stdio: "ignore" });
  const socket = await reach(profile);
  const { command, greeted } = marionette(socket);
  await greeted;
  await command("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
  return { firefox, command, socket };
};

const quit = async (firefox: ChildProcess, command: Command, profile: string): Promise<void> => {
  const gone = new Promise<void>((over) => firefox.once("exit", () => over()));
  command("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => undefined);
  const late = setTimeout(() => firefox.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(late);
  rmSync(join(profile, "MarionetteActivePort"), { force: true });
};

/** Start a Firefox with a profile of its own, and lend it the extension that was built into `path`. */
export const openFirefox = async (binary: string, path: string): Promise<Firefox> => {
  const profile = mkdtempSync(join(tmpdir(), "makegood-firefox-"));
  writeFileSync(join(profile, "user.js"), Object.entries(preferences).map(preference).join(""));
  const begin = async () => {
    const opened = await open(binary, profile);
    await opened.command("Addon:Install", { path, temporary: true });
    return { ...opened, hands: handsOn(opened.command) };
  };
  let now = await begin();
  const chrome: Firefox["chrome"] = (body, ...given) => now.hands.chrome(body, ...given);
  const background = async <Value>(expression: string): Promise<Value> => {
    const script =
      "await extension.wakeupBackground?.(); return within(extension.backgroundContext.xulBrowser, given[0]);";
    return asked(await chrome<Told<Value>>(script, expression), expression);
  };
  return {
    origin: `moz-extension://${HOST}`,
    visit: (url) => now.hands.visit(url),
    evaluate: (expression) => now.hands.evaluate(expression),
    chrome,
    menu: (choose) => now.hands.menu(choose),
    press: (letter) => now.hands.press(letter),
    background,
    popup: () => popupIn(chrome),
    restart: async () => {
      await quit(now.firefox, now.command, profile);
      now = await begin();
    },
    close: async () => {
      await quit(now.firefox, now.command, profile);
      rmSync(profile, { recursive: true, force: true });
    },
  };
};
