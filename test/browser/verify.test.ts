import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildConsole } from "../../server/console/build.ts";
import { certificate } from "../../server/seal/certificate.ts";
import { type Bundle, bundleText } from "../../shared/contract/bundle.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import { type House, openHouse } from "../house.ts";
import { anySealer, signedBundle } from "../laws/signed.ts";
import { terms as draft } from "../stories/scene.ts";
import { launch } from "./chromium.ts";

const read = readTerms(draft);
if (!read.ok) throw new Error("the scene's terms hold");
const { terms } = read;

let house: House;
let browser: BrowserContext;
let bundle: Bundle;
let pdf: Buffer;

beforeAll(async () => {
  await buildConsole();
  house = await openHouse();
  browser = await launch();
  const { sealer, origin } = house.running.world;
  bundle = await signedBundle({ sealer, terms, names: ["Олена Коваль", "Ana Lima"] });
  pdf = Buffer.from(await certificate(bundle, { sealer, origin }));
});

afterAll(async () => {
  await browser?.close();
  await house?.close();
});

const by = (page: Page, testid: string) => page.locator(`[data-testid="${testid}"]`);
const PDF = "application/pdf";
const JSON_FILE = "application/json";
const json = (it: Bundle, name = "makegood-contract.json") => ({
  name,
  mimeType: JSON_FILE,
  buffer: Buffer.from(bundleText(it)),
});

type Given = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

const choose = async (page: Page, file: Given): Promise<void> => {
  await by(page, "file").setInputFiles(file);
  await by(page, "verdict").getByText(file.name, { exact: true }).waitFor();
};

const drop = async (page: Page, { name, mimeType, buffer }: Given): Promise<void> => {
  await page.evaluate(
    ([name, type, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name, { type }));
      const target = document.querySelector("h1") ?? document.body;
      for (const kind of ["dragover", "drop"])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, mimeType, buffer.toString("base64")] as const,
  );
  await by(page, "verdict").getByText(name, { exact: true }).waitFor();
};

const tone = (page: Page) => by(page, "verdict").getAttribute("data-tone");

/** What failed or could not be checked, by name. */
const notFine = (page: Page): Promise<Record<string, string>> =>
  page
    .locator("[data-check]")
    .evaluateAll((all) =>
      Object.fromEntries(
        all
          .map((it) => [it.getAttribute("data-check") ?? "", it.getAttribute("data-state") ?? ""])
          .filter(([, state]) => state !== "ok"),
      ),
    );

/** A page of its own, on which nothing may go wrong behind the reader's back. */
const open = async (tell: (page: Page) => Promise<void>, before?: (page: Page) => Promise<unknown>): Promise<void> => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("ERR_FAILED")) faults.push(message.text());
  });
  await before?.(page);
  await page.goto(`${house.origin}/verify`);
  await by(page, "drop").waitFor();
  await tell(page);
  expect(faults).toEqual([]);
  await page.close();
};

const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));

/** Keep a picture of the whole page, to be looked at. */
const shot = async (page: Page, name: string): Promise<void> => {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: `${artefacts}${name}.png`, fullPage: true });
};

describe("a contract that is as it was signed", () => {
  it("passes every check as the PDF alone, dropped anywhere on the page", () =>
    open(async (page) => {
      await drop(page, { name: "certificate.pdf", mimeType: PDF, buffer: pdf });
      expect(await tone(page)).toBe("good");
      expect(await notFine(page)).toEqual({});
      expect(await page.locator('[data-check="pages"]').count()).toBe(1);
      const signers = await by(page, "signer").allTextContents();
      expect(signers[0]).toContain("Олена Коваль");
      expect(signers[1]).toContain("Ana Lima");
      expect(await by(page, "wording").textContent()).toContain("10.00 USD");
      await shot(page, "verify-good");
    }));

  it("passes as JSON, chosen by hand, and the heading that says so is where the keyboard is", () =>
    open(async (page) => {
      await choose(page, json(bundle));
      expect(await tone(page)).toBe("good");
      expect(await notFine(page)).toEqual({});
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Everything matches");
    }));

  it("never leaves the browser: the server is asked for its keys and nothing is sent", () =>
    open(async (page) => {
      const asked: string[] = [];
      page.on("request", (it) => asked.push(`${it.method()} ${new URL(it.url()).pathname} ${it.postData() ?? ""}`));
      await choose(page, json(bundle));
      expect(asked).toEqual(["GET /.well-known/makegood-seal.json "]);
    }));
});

describe("a contract that was altered", () => {
  it("says which clause and which hash do not match when the pay was raised", () =>
    open(async (page) => {
      const raised = bundleText(bundle).replaceAll('"amountMinor":1000', '"amountMinor":9000');
      await choose(page, { name: "raised.json", mimeType: JSON_FILE, buffer: Buffer.from(raised) });
      expect(await tone(page)).toBe("bad");
      expect(await notFine(page)).toEqual({ terms: "failed", wording: "failed" });
      const said = await page.locator('[data-check="wording"]').textContent();
      expect(said).toContain("10.00 USD");
      expect(said).toContain("90.00 USD");
      await shot(page, "verify-altered");
    }));

  it("says whose name is not the one that was typed", () =>
    open(async (page) => {
      const renamed = bundleText(bundle).replaceAll("Ana Lima", "Eva Lima");
      await choose(page, { name: "renamed.json", mimeType: JSON_FILE, buffer: Buffer.from(renamed) });
      expect(await notFine(page)).toEqual({ "signer-influencer": "failed" });
      expect(await page.locator('[data-check="signer-influencer"]').textContent()).toContain(
        "did not sign as Eva Lima",
      );
    }));

  it("does not trust the pages of a PDF that was changed, though the contract inside is whole", () =>
    open(async (page) => {
      const painted = Buffer.concat([pdf, Buffer.from("%painted over\n%%EOF\n")]);
      await choose(page, { name: "painted.pdf", mimeType: PDF, buffer: painted });
      expect(await notFine(page)).toEqual({ pages: "failed" });
      expect(await page.locator('[data-check="pages"]').textContent()).toContain("not on the PDF's pages");
    }));

  it("is not believed because somebody sealed it with a key of their own", () =>
    open(async (page) => {
      await choose(page, json(await signedBundle({ sealer: anySealer(), terms }), "forged.json"));
      expect(await tone(page)).toBe("warn");
      expect(await notFine(page)).toEqual({ key: "unknown" });
      expect(await by(page, "verdict").textContent()).toContain("does not know");
      await shot(page, "verify-other-key");
    }));
});

describe("what is no contract", () => {
  it("is told apart in plain words, and the page goes on working", () =>
    open(async (page) => {
      const strange: readonly (readonly [Given, string])[] = [
        [{ name: "photo.pdf", mimeType: PDF, buffer: Buffer.from("%PDF-1.7\n%%EOF\n") }, "No contract can be found"],
        [{ name: "photo.png", mimeType: "image/png", buffer: Buffer.from([0x89, 0x50, 0xff, 0xfe]) }, "neither a PDF"],
        [{ name: "list.json", mimeType: JSON_FILE, buffer: Buffer.from("[1,2]") }, "not a signed contract"],
        [{ name: "note.json", mimeType: JSON_FILE, buffer: Buffer.from("hello") }, "cannot be read as JSON"],
        [{ name: "empty.json", mimeType: JSON_FILE, buffer: Buffer.alloc(0) }, "cannot be read as JSON"],
      ];
      for (const [file, says] of strange) {
        await choose(page, file);
        expect(await by(page, "verdict").textContent(), file.name).toContain(says);
        expect(await by(page, "checks").count(), file.name).toBe(0);
      }
      await choose(page, json(bundle));
      expect(await tone(page)).toBe("good");
    }));
});

describe("a browser that cannot do everything", () => {
  it("without Ed25519 says so and makes the other checks", () =>
    open(
      async (page) => {
        await choose(page, json(bundle));
        expect(await tone(page)).toBe("warn");
        expect(await notFine(page)).toEqual({ "seal-brand": "unknown", "seal-influencer": "unknown" });
        expect(await page.locator('[data-check="seal-brand"]').textContent()).toContain(
          "Ed25519 is not available here",
        );
      },
      (page) =>
        page.addInitScript(() => {
          SubtleCrypto.prototype.importKey = () =>
            Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
        }),
    ));

  it("without the server says whose key it is cannot be told", () =>
    open(async (page) => {
      await page.route("**/.well-known/**", (route) => route.abort());
      await choose(page, json(bundle));
      expect(await notFine(page)).toEqual({ key: "unknown" });
      expect(await by(page, "verdict").textContent()).toContain("could not be asked");
    }));
});

describe("the page", () => {
  it("may load nothing from elsewhere, needs no account, and keeps nothing", async () => {
    const answer = await fetch(`${house.origin}/verify`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("set-cookie")).toBeNull();
    const keys = await fetch(`${house.origin}/.well-known/makegood-seal.json`);
    expect(keys.headers.get("access-control-allow-origin")).toBe("*");
    expect(await keys.json()).toMatchObject({ keys: [{ hex: house.running.world.sealer.publicKey, crv: "Ed25519" }] });
  });

  it("can be used by keyboard alone", () =>
    open(async (page) => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("file");
      const asked = page.waitForEvent("filechooser");
      await page.keyboard.press("Space");
      await (await asked).setFiles(json(bundle));
      await by(page, "verdict").waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.locator("details[open]").count()).toBe(1);
    }));

  it("fits a phone of 360 pixels, in the dark as in the light", () =>
    open(async (page) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 360, height: 740 });
        await choose(page, { name: "certificate.pdf", mimeType: PDF, buffer: pdf });
        const beyond = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return Math.max(0, scrollWidth - clientWidth);
        });
        expect({ colorScheme, beyond }).toEqual({ colorScheme, beyond: 0 });
        await shot(page, `verify-narrow-${colorScheme}`);
      }
    }));
});
