import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extensionId, geckoId, publicKey } from "../../extension/identity.ts";
import product from "../../package.json" with { type: "json" };
import { build } from "../browser/popup.ts";

const browsers = ["chrome", "firefox"] as const;
const folders: Record<string, string> = {};

beforeAll(async () => {
  for (const browser of browsers) folders[browser] = await build(browser);
}, 120_000);
afterAll(() => {
  for (const folder of Object.values(folders)) rmSync(join(folder, ".."), { recursive: true });
});

const manifest = (browser: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folders[browser]!, "manifest.json"), "utf8"));

const files = (browser: string): string[] =>
  readdirSync(folders[browser]!, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name));

describe("The id of the extension", () => {
  it("is the one Chromium derives from the public key", () => {
    const digest = createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex");
    const derived = [...digest.slice(0, 32)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
    expect(derived.join("")).toBe(extensionId);
    expect(manifest("chrome").key).toBe(publicKey);
  });
});

describe("What the extension may do", () => {
  it("in Chromium, is exactly this", () => {
    expect(manifest("chrome")).toEqual({
      manifest_version: 3,
      name: "__MSG_extensionName__",
      description: "__MSG_extensionSays__",
      version: product.version,
      default_locale: "en",
      minimum_chrome_version: "123",
      key: publicKey,
      permissions: ["storage", "alarms", "contextMenus", "activeTab", "clipboardWrite", "offscreen"],
      icons: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png", 128: "icon/128.png" },
      action: expect.objectContaining({ default_popup: "popup.html" }),
      background: { service_worker: "background.js" },
      commands: {
        _execute_action: { suggested_key: { default: "Alt+Shift+M" } },
        "grab-page": { suggested_key: { default: "Alt+Shift+K" }, description: "__MSG_copyTrackedLink__" },
      },
      content_security_policy: {
        extension_pages:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src http: https:; base-uri 'none'; form-action 'none'",
      },
    });
  });

  it("in Firefox, is the same without the offscreen page, which it does not need", () => {
    const { permissions, background, browser_specific_settings: settings, ...rest } = manifest("firefox");
    const { permissions: wider, background: _, key: __, minimum_chrome_version: ___, ...same } = manifest("chrome");
    expect(permissions).toEqual(["storage", "alarms", "contextMenus", "activeTab", "clipboardWrite"]);
    expect(wider).toEqual([...(permissions as string[]), "offscreen"]);
    expect(background).toEqual({ scripts: ["background.js"] });
    expect(rest).toEqual(same);
    expect(settings).toEqual({
      gecko: {
        id: geckoId,
        strict_min_version: "142.0",
        data_collection_permissions: { required: ["authenticationInfo", "browsingActivity"] },
      },
    });
    expect(files("firefox").some((file) => file.includes("offscreen"))).toBe(false);
  });

  it.each(browsers)("in %s, its icons and pages are all there", (browser) => {
    const there = files(browser).map((file) => file.slice(folders[browser]!.length + 1));
    const { icons, action } = manifest(browser) as { icons: Record<string, string>; action: { default_popup: string } };
    expect(there).toEqual(expect.arrayContaining([...Object.values(icons), action.default_popup]));
  });
});

describe("What the extension never does", () => {
  const never = [
    "document.cookie",
    ".cookies",
    "tabs.update",
    "webRequest",
    "declarativeNetRequest",
    "executeScript",
    "insertCSS",
    "location.assign",
    "location.replace",
    "content_scripts",
    "<all_urls>",
    "eval(",
    "new Function",
    "googletagmanager",
  ];

  it.each(browsers)(
    "is in no file of the %s build: cookies, redirects, page changes, code from elsewhere",
    (browser) => {
      for (const file of files(browser).filter((it) => /\.(js|html|json|css)$/.test(it))) {
        const text = readFileSync(file, "utf8");
        expect([file, never.filter((word) => text.includes(word))]).toEqual([file, []]);
      }
    },
  );

  it("is to grow without notice: each build has less than 200 000 bytes of script", () => {
    for (const browser of browsers) {
      const scripts = files(browser).filter((it) => it.endsWith(".js"));
      const bytes = scripts.reduce((sum, file) => sum + readFileSync(file).length, 0);
      expect(bytes).toBeLessThan(200_000);
    }
  });
});
