import { defineConfig } from "wxt";
import product from "../package.json" with { type: "json" };
import { geckoId, publicKey } from "./identity.ts";

const house = decodeURIComponent(new URL("..", import.meta.url).pathname);

const firefox = {
  browser_specific_settings: {
    gecko: {
      id: geckoId,
      strict_min_version: "142.0",
      // The account's token, and the address of a page when its owner asks for a link to it. Nothing else is sent.
      data_collection_permissions: { required: ["authenticationInfo", "browsingActivity"] },
    },
  },
};

export default defineConfig({
  manifestVersion: 3,
  imports: false,
  zip: {
    artifactTemplate: `${product.name}-${product.version}-{{browser}}.zip`,
    sourcesTemplate: `${product.name}-${product.version}-sources.zip`,
    sourcesRoot: house,
    includeSources: ["package.json", "package-lock.json", "tsconfig.json", "README.md", "extension/**", "shared/**"],
    excludeSources: ["**/node_modules/**", "**/.output/**", "**/.wxt/**"],
  },
  manifest: ({ browser }) => ({
    version: product.version,
    name: "__MSG_extensionName__",
    description: "__MSG_extensionSays__",
    default_locale: "en",
    permissions: [
      "storage",
      "alarms",
      "contextMenus",
      "activeTab",
      "clipboardWrite",
      ...(browser === "firefox" ? [] : ["offscreen"]),
    ],
    icons: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png", 128: "icon/128.png" },
    action: {
      default_title: "__MSG_extensionName__",
      default_icon: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png" },
    },
    commands: {
      _execute_action: { suggested_key: { default: "Alt+Shift+M" } },
      "grab-page": { suggested_key: { default: "Alt+Shift+K" }, description: "__MSG_copyTrackedLink__" },
    },
    // Said in full because Firefox's default would turn a server on this very machine into https.
    content_security_policy: {
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src http: https:; base-uri 'none'; form-action 'none'",
    },
    ...(browser === "firefox" ? firefox : { key: publicKey, minimum_chrome_version: "123" }),
  }),
});
