import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeBrand, signInUrl } from "../../server/brands.ts";
import { buildConsole } from "../../server/console/build.ts";
import { type Running, start } from "../../server/main.ts";
import { fine } from "../house.ts";
import { type Device, newDevice } from "../ports/passkey-device.ts";
import { launch } from "./chromium.ts";

const shots = process.env.MAKEGOOD_SHOTS;
const SIGN = `sign:con_1:${"0f".repeat(32)}`;
const [OLIVE, RITA] = ["olive@acme.example", "rita@rival.example"];

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

let browser: BrowserContext;
let folder = "";
let running: Running;

beforeAll(async () => {
  await buildConsole();
  browser = await launch();
});
afterAll(() => browser?.close());
afterEach(async () => {
  await browser.clearCookies();
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (host: string): Promise<void> => {
  folder = mkdtempSync(join(tmpdir(), "makegood-passkey-"));
  const port = await freePort();
  running = await start({ folder, port, origin: `http://${host}:${port}`, loopback: true, rateLimits: false });
  await makeBrand(running.world, { name: "Acme Coding", owner: "Olive Owner", email: OLIVE });
  await makeBrand(running.world, { name: "Rival Coding", owner: "Rita Rival", email: RITA });
};

/** A page with an authenticator of its own that confirms whatever it is asked. */
const withDevice = async (): Promise<{ page: Page; cdp: CDPSession; device: string }> => {
  const page = await browser.newPage();
  const cdp = await browser.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { page, cdp, device: authenticatorId };
};

const by = (page: Page, testid: string) => page.locator(`[data-testid="${testid}"]`);
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 15_000 });

const enter = async (page: Page, email: string): Promise<void> => {
  await page.goto((await signInUrl(running.world, email, "/settings/passkeys")) ?? "");
  await by(page, "sign-in").click();
  await by(page, "passkeys").waitFor();
};

const add = async (page: Page, name: string): Promise<void> => {
  await by(page, "add-passkey").click();
  await by(page, "passkey-name").fill(name);
  await by(page, "make-passkey").click();
  await by(page, "passkey-row").getByText(name).waitFor();
};

const leave = async (page: Page): Promise<void> => {
  await by(page, "leave").click();
  await by(page, "signed-out").waitFor();
};

/** What a screen does before signing, spoken straight to the doors. `anyKey`: take whatever passkey the device keeps. */
const prove = (page: Page, purpose: string, anyKey = false) =>
  page.evaluate(
    async ({ purpose, anyKey }) => {
      const post = async (path: string, body: object) => {
        const headers = { "content-type": "application/json" };
        return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
      };
      const started = await post("/v1/proofs/start", { purpose });
      if (started.method !== "passkey") return post("/v1/proofs/finish", { purpose });
      const asked = anyKey ? { ...started.options, allowCredentials: [] } : started.options;
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
      const answer = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
      return post("/v1/proofs/finish", { purpose, assertion: answer.toJSON() });
    },
    { purpose, anyKey },
  );

/** A passkey that the browser knows nothing of, for pictures. */
const addQuietly = async (user: string, name: string): Promise<void> => {
  const { people } = running.world;
  const [session] = await people.sessions(user);
  const who = { userId: user, session: session?.id ?? "" };
  const needed = fine(await people.startProof(who, "add-passkey"));
  const answer = needed.method === "passkey" ? known.get(user)?.answer(needed.options) : undefined;
  const { proof } = fine(await people.finishProof(who, "add-passkey", answer));
  const device = newDevice(running.origin);
  fine(await people.addPasskey(user, name, device.make(fine(await people.startPasskey(user, proof)))));
  known.set(user, device);
};
const known = new Map<string, Device>();

const userOf = async (page: Page): Promise<string> => {
  const cookie = (await browser.cookies(page.url())).map(({ name, value }) => `${name}=${value}`).join("; ");
  const who = await running.world.people.whoIs(new Headers({ cookie }));
  return who?.kind === "person" ? who.userId : "";
};

describe("at a host with a name", () => {
  it("a passkey is added in Settings, signs in, proves who it is, and goes only with its own consent", async () => {
    await open("localhost");
    const { page, cdp, device } = await withDevice();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await enter(page, OLIVE);
    await page.goto(`${running.origin}/settings`);
    await by(page, "to-passkeys").click();
    await add(page, "Olive's laptop");
    const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId: device });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: "localhost", userName: OLIVE }]);
    await by(page, "add-passkey").click();
    await by(page, "passkey-name").fill("The same laptop");
    await by(page, "make-passkey").click();
    await soon(() => by(page, "refusal").getAttribute("data-code")).toBe("passkey-known");
    await page.keyboard.press("Escape");

    await leave(page);
    await by(page, "enter-by-passkey").click();
    await by(page, "me-name").getByText("Olive Owner").waitFor();
    const olive = await userOf(page);

    const proof = await prove(page, SIGN);
    expect(proof).toMatchObject({ method: "passkey", expiresAt: expect.any(Number) });
    const used = await running.world.people.useProof(olive, proof.proof, SIGN);
    expect(used).toEqual({ ok: true, value: { method: "passkey" } });
    expect(await running.world.people.useProof(olive, proof.proof, "payout-details")).toMatchObject({
      refusal: { code: "proof-needed" },
    });

    await page.goto(`${running.origin}/settings/passkeys`);
    await by(page, "rename-passkey").click();
    await by(page, "passkey-new-name").fill("Old laptop");
    await by(page, "confirm-rename").click();
    await by(page, "passkey-row").getByText("Old laptop").waitFor();
    await by(page, "remove-passkey").click();
    await cdp.send("WebAuthn.setUserVerified", { authenticatorId: device, isUserVerified: false });
    await by(page, "confirm-remove").click();
    await soon(() => by(page, "refusal").getAttribute("data-code")).toBe("passkey-cancelled");
    await cdp.send("WebAuthn.setUserVerified", { authenticatorId: device, isUserVerified: true });
    await by(page, "confirm-remove").click();
    await soon(() => by(page, "passkey-row").count()).toBe(0);
    expect(await prove(page, SIGN)).toMatchObject({ method: "session" });
    expect(faults).toEqual([]);
    await page.close();
  });

  it("somebody else's authenticator confirms nothing, whichever passkey it answers with", async () => {
    await open("localhost");
    const hers = await withDevice();
    await enter(hers.page, OLIVE);
    await add(hers.page, "Olive's laptop");
    await leave(hers.page);
    const his = await withDevice();
    await enter(his.page, RITA);
    await add(his.page, "Rita's phone");
    await leave(his.page);

    await enter(his.page, OLIVE);
    await by(his.page, "remove-passkey").click();
    await by(his.page, "confirm-remove").click();
    await soon(() => by(his.page, "refusal").getAttribute("data-code")).toBe("passkey-cancelled");
    expect(await prove(his.page, SIGN, true)).toMatchObject({ code: "passkey-not-good", status: 422 });
    await his.page.keyboard.press("Escape");
    await leave(his.page);

    await by(his.page, "enter-by-passkey").click();
    await by(his.page, "me-name").getByText("Rita Rival").waitFor();
    expect((await running.world.people.passkeys(await userOf(his.page))).map(({ name }) => name)).toEqual([
      "Rita's phone",
    ]);
    await hers.page.close();
    await his.page.close();
  });

  it.skipIf(!shots)("looks right", async () => {
    await open("localhost");
    mkdirSync(shots ?? "", { recursive: true });
    const { page } = await withDevice();
    await enter(page, OLIVE);
    const user = await userOf(page);
    await addQuietly(user, "Olive's laptop");
    await addQuietly(user, "The password manager of the whole office, second floor");
    await page.reload();
    await soon(() => by(page, "passkey-row").count()).toBe(2);
    const looks = [
      ["light", 1280],
      ["dark", 1280],
      ["light", 390],
      ["dark", 390],
    ] as const;
    for (const [colorScheme, width] of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const shot = (name: string) => page.screenshot({ path: `${shots}/${name}-${colorScheme}-${width}.png` });
      await page.waitForTimeout(300);
      await shot("passkeys");
      await by(page, "add-passkey").click();
      await page.waitForTimeout(200);
      await shot("passkey-new");
      await page.keyboard.press("Escape");
      await by(page, "remove-passkey").first().click();
      await page.waitForTimeout(200);
      await shot("passkey-remove");
      await page.keyboard.press("Escape");
    }
    await page.goto(`${running.origin}/settings`);
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${shots}/settings.png`, fullPage: true });
    await page.goto(`${running.origin}/enter#token=0123456789abcdef`);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${shots}/enter.png`, fullPage: true });
    await page.goto(`${running.origin}/signed-out`);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${shots}/signed-out.png`, fullPage: true });
    await page.close();
  });
});

describe("at a bare address", () => {
  it("Settings says what passkeys need and offers none, and the rest works", async () => {
    await open("127.0.0.1");
    const { page } = await withDevice();
    await page.goto((await signInUrl(running.world, OLIVE, "/settings/passkeys")) ?? "");
    await soon(() => by(page, "sign-in").count()).toBe(1);
    expect(await by(page, "enter-by-passkey").count()).toBe(0);
    await by(page, "sign-in").click();
    await soon(() => by(page, "passkeys-unavailable").textContent()).toContain("127.0.0.1, which is a bare address");
    expect(await by(page, "add-passkey").count()).toBe(0);
    const proof = await prove(page, SIGN);
    expect(await running.world.people.useProof(await userOf(page), proof.proof, SIGN)).toEqual({
      ok: true,
      value: { method: "session" },
    });
    if (shots) await page.screenshot({ path: `${shots}/passkeys-unavailable.png`, fullPage: true });
    await page.close();
  });
});
