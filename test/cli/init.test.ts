import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSqlite } from "../../server/store/sqlite.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { convert } from "../../shared/wire/partner.ts";
import { caller, enter, fine, openHouse } from "../house.ts";
import { run } from "./past.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "makegood-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ACME = ["--name", "Acme", "--email", "you@acme.example"];
const init = (...argv: readonly string[]) => run(folder, "init", ...argv);
const made = async (...argv: readonly string[]) => {
  const { exit, out, err } = await init(...argv, "--json");
  expect([exit, err]).toEqual([0, ""]);
  return JSON.parse(out);
};

describe("signing in again", () => {
  it("takes a new link, for an address that is known and for no other", async () => {
    await made(...ACME);
    const known = await run(folder, "sign-in", "--email", "you@acme.example");
    expect(known).toMatchObject({ exit: 0, err: "" });
    expect(known.out).toMatch(/^http:\/\/127\.0\.0\.1:8787\/enter#token=\S+\n$/);
    const stranger = await run(folder, "sign-in", "--email", "else@acme.example");
    expect(stranger).toMatchObject({ exit: 1, out: "" });
    expect((await run(folder, "sign-in")).exit).toBe(2);
  });

  it("leads to the brand that is named, if it is one of theirs", async () => {
    await made(...ACME);
    const second = await made("--name", "Acme Two", "--email", "you@acme.example");
    const theirs = await made("--name", "Rival", "--email", "rita@rival.example");
    const link = (brand: string) => run(folder, "sign-in", "--email", "you@acme.example", "--brand", brand);
    expect(await link(second.brand)).toMatchObject({ exit: 0, err: "" });
    for (const brand of [theirs.brand, "brd_00000000000000000000"]) {
      const { exit, out, err } = await link(brand);
      expect([exit, out]).toEqual([1, ""]);
      expect(err).toContain(`owns the brand ${brand}`);
    }
  });
});

describe("making a brand", () => {
  it("gives its id, both keys, the tag and a sign-in link, as one JSON object", async () => {
    const brand = await made(...ACME);
    expect(Object.keys(brand)).toEqual(["brand", "publishableKey", "secretKey", "signInUrl", "scriptTag"]);
    expect(brand.brand).toMatch(/^brd_[0-9a-z]{20}$/);
    expect(brand.publishableKey).toMatch(/^pk_[0-9a-z]{20}$/);
    expect(brand.secretKey).toMatch(/^sk_\w+$/);
    expect(brand.signInUrl).toMatch(/^http:\/\/127\.0\.0\.1:8787\/enter#token=.+/);
    expect(brand.scriptTag).toBe(
      `<script async src="http://127.0.0.1:8787/tag.js" data-key="${brand.publishableKey}"></script>`,
    );
    const store = readSqlite(join(folder, ".data", "makegood.sqlite"));
    expect(await store.brands()).toEqual([brand.brand]);
    expect(await store.brandOf(brand.publishableKey)).toBe(brand.brand);
    await store.close();
  });

  it("tells a person the same, and that the secret key is shown this once", async () => {
    const { exit, out } = await init(...ACME, "--origin", "https://makegood.acme.example/");
    expect(exit).toBe(0);
    expect(out).toMatch(/^Acme is ready\.\n/);
    expect(out).toMatch(/Secret key +sk_\w+\n/);
    expect(out).toMatch(/Sign in +https:\/\/makegood\.acme\.example\/enter#token=/);
    expect(out).toMatch(/shown this once/);
  });

  it("makes another brand each time, each found clean", async () => {
    const [first, second] = [await made(...ACME), await made(...ACME)];
    expect(first.brand).not.toBe(second.brand);
    const { exit, out } = await run(folder, "verify", "--json");
    expect(exit).toBe(0);
    expect(JSON.parse(out).brands.length).toBe(2);
  });

  it.each([
    [["--email", "you@acme.example"], "--name is missing"],
    [["--name", "Acme"], "--email is missing"],
    [["--name", " ", "--email", "you@acme.example"], "--name takes a name of 1 to 120 letters"],
    [["--name", "x".repeat(121), "--email", "you@acme.example"], "--name takes a name"],
    [[...ACME, "--origin", "acme.example"], "--origin takes an address such as https://"],
    [[...ACME, "--origin", "https://acme.example/makegood"], "--origin takes an address"],
  ])("is misused with %j, and makes nothing", async (argv, because) => {
    const { exit, err } = await init(...argv);
    expect(exit).toBe(2);
    expect(err).toContain(because);
    expect(existsSync(join(folder, ".data"))).toBe(false);
  });

  it("refuses an address that is none, and a folder that is a file", async () => {
    const wrong = await init("--name", "Acme", "--email", "you@@acme.example");
    expect(wrong.exit).toBe(1);
    expect(wrong.err).toMatch(/^"you@@acme\.example" is not an e-mail address\. /);
    writeFileSync(join(folder, "taken"), "");
    const file = await init(...ACME, "--folder", "taken");
    expect([file.exit, file.err]).toEqual([1, "The folder taken is a file. Name a folder.\n"]);
    const inside = await init(...ACME, "--folder", "taken/data");
    expect([inside.exit, inside.err]).toEqual([1, "The folder taken/data would lie inside a file. Name a folder.\n"]);
  });
});

describe("a server that runs on the same folder", () => {
  it("knows the new brand at once: its keys work, and its owner can sign in, once", async () => {
    const house = await openHouse();
    try {
      const brand = await made(...ACME, "--folder", house.folder, "--origin", house.origin);
      const owner = await enter(house.origin, brand.signInUrl);
      expect(fine(await owner.ask(brandDoors.brand))).toMatchObject({ id: brand.brand, name: "Acme" });
      const server = caller(house.origin, { authorization: `Bearer ${brand.secretKey}` });
      fine(await server.ask(convert, { body: { result: "sale", id: "order-1" } }));
      const beacon = JSON.stringify({
        k: brand.publishableKey,
        v: "visitor-one",
        p: "http://localhost:9/",
        n: "view-0001",
      });
      expect((await fetch(`${house.origin}/v1/beacon`, { method: "POST", body: beacon })).status).toBe(204);
      await expect(enter(house.origin, brand.signInUrl)).rejects.toThrow("ticket-not-usable");
    } finally {
      await house.close();
    }
  });
});
