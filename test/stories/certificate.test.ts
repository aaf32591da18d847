import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bundle, readBundle } from "../../shared/contract/bundle.ts";
import { checkPages, readCertificate } from "../../shared/contract/certificate.ts";
import { recheck, standing } from "../../shared/contract/recheck.ts";
import { ok } from "../../shared/kit/shape.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { finishProof } from "../../shared/wire/passkeys.ts";
import { sealKeys } from "../../shared/wire/seal.ts";
import { type Caller, caller, fine, type House } from "../house.ts";
import { digest, verifySeal } from "../laws/signed.ts";
import { HUMAN, openRivals, problemOf, type Scene, terms } from "./scene.ts";

let house: House;
let scene: Scene;
let rival: Scene;
beforeAll(async () => {
  ({ house, scene, rival } = await openRivals());
});
afterAll(() => house?.close());

const get = (who: Pick<Caller, "headers">, path: string): Promise<Response> =>
  fetch(house.origin + path, { headers: { "user-agent": HUMAN, ...who.headers } });

const at = (what: "bundle" | "certificate", contract = scene.contract): string => `/v1/contracts/${contract}/${what}`;

const bundleOf = async (who: Caller): Promise<Bundle> => fine(readBundle(await (await get(who, at("bundle"))).text()));

const keysOf = async (): Promise<readonly string[]> =>
  fine(await caller(house.origin, {}).ask(sealKeys)).keys.map(({ hex }) => hex);

/** Restart the server, and come back once it answers: the first knocks find the old connections closed. */
const restarted = async (): Promise<void> => {
  await house.restart();
  for (let shut = true; shut; )
    shut = await fetch(`${house.origin}/v1/health`)
      .then((it) => !it.ok)
      .catch(() => true);
};

describe("A contract both have signed", () => {
  test("gives either side the same file, in which every check passes", async () => {
    const [owners, anas] = await Promise.all([get(scene.owner, at("bundle")), get(scene.ana, at("bundle"))]);
    expect(owners.headers.get("content-disposition")).toBe('attachment; filename="makegood-contract.json"');
    expect(owners.headers.get("cache-control")).toBe("no-store");
    const text = await owners.text();
    expect(await anas.text()).toBe(text);
    const bundle = fine(readBundle(text));
    const checks = await recheck(bundle, digest, verifySeal);
    expect(checks.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(bundle.signatures.map(({ record, signer }) => [record.party, signer?.partyName])).toEqual([
      ["brand", "Acme Coding"],
      ["influencer", "Ana Lima"],
    ]);
    expect(await keysOf()).toEqual([bundle.signatures[0]?.seal.key]);
  });

  test("shows where its signatures lie in the brand's own chain", async () => {
    const { signatures } = await bundleOf(scene.owner);
    for (const { record, link } of signatures) {
      const { brand, seq, after } = record.place;
      const [before, own] = await house.running.world.store.facts(brand, seq - 2, 2);
      expect(before?.hash).toBe(after);
      expect(own).toEqual({ brand, seq, at: record.signedAt, by: link.by, body: link.body, hash: link.hash });
    }
  });

  test("keeps the network a signer came from and not the address", async () => {
    const { signatures } = await bundleOf(scene.owner);
    for (const { record } of signatures) expect(record).toMatchObject({ address: "127.0.0.0/24", method: "session" });
  });

  test("has a certificate that carries the same file and is the same to the byte, a restart later too", async () => {
    const answer = await get(scene.ana, at("certificate"));
    expect(answer.headers.get("content-type")).toBe("application/pdf");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="makegood-con_\w+-v1\.pdf"$/);
    const pdf = new Uint8Array(await answer.arrayBuffer());
    const taken = readCertificate(pdf);
    const hash = createHash("sha256").update(taken.sealed).digest("hex");
    expect((await checkPages(taken, hash, verifySeal)).state).toBe("ok");
    const inside = Buffer.from(taken.bundle ?? []).toString();
    expect(inside).toBe(await (await get(scene.owner, at("bundle"))).text());
    await restarted();
    expect(Buffer.from(await (await get(scene.ana, at("certificate"))).arrayBuffer()).equals(pdf)).toBe(true);
  });
});

describe("Who else asks", () => {
  test("is told nothing: not another brand, not another influencer, not a server's key, not a stranger", async () => {
    for (const what of ["bundle", "certificate"] as const) {
      for (const who of [rival.owner, rival.ana]) {
        const answer = await get(who, at(what));
        expect(answer.status).toBe(404);
        expect((await problemOf(answer)).code).toBe("not-found");
      }
      expect((await problemOf(await get(scene.server, at(what)))).code).toBe("not-allowed");
      expect((await problemOf(await get({ headers: {} }, at(what)))).code).toBe("not-signed-in");
    }
  });

  test("for a version that nobody signed is refused", async () => {
    expect((await problemOf(await get(scene.owner, `${at("bundle")}?version=2`))).code).toBe("not-signed");
    expect((await get(scene.owner, `${at("bundle")}?version=1`)).status).toBe(200);
    for (const query of ["version=0", "version=x", "other=1"])
      expect((await problemOf(await get(scene.owner, `${at("certificate")}?${query}`))).code).toBe("bad-request");
  });

  test("before both have signed is refused", async () => {
    const { campaign, influencer, owner } = scene;
    const body = { campaign, influencer, terms };
    const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body }));
    fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
    const purpose = `sign:${contract}:${termsHash}`;
    const { proof } = fine(await owner.ask(finishProof, { body: { purpose } }));
    const signed = { termsHash, name: "Olive Owner", agree: true, proof } as const;
    fine(await owner.ask(influencerDoors.sign, { params: { contract }, body: signed }));
    for (const what of ["bundle", "certificate"] as const)
      expect((await problemOf(await get(owner, at(what, contract)))).code).toBe("not-signed");
  });
});

describe("Later", () => {
  test("a name that was erased is gone from the file, and the seals still hold", async () => {
    const { brand } = scene.brand;
    const { world } = house.running;
    const key = `signature/${scene.contract}/1/influencer`;
    const held = await world.store.private(brand, key);
    const keep = (it: typeof held | null) =>
      world.record.decide(brand, async (unit) => {
        unit.setPrivate(key, it ?? null);
        return ok(null);
      });
    await keep(null);
    const text = await (await get(scene.owner, at("bundle"))).text();
    const bundle = fine(readBundle(text));
    expect(bundle.signatures.map(({ signer }) => signer === null)).toEqual([false, true]);
    const checks = await recheck(bundle, digest, verifySeal);
    expect(standing(checks)).toBe("unknown");
    expect(checks.filter(({ state }) => state !== "ok").map(({ name, party }) => [name, party])).toEqual([
      ["signer", "influencer"],
    ]);
    expect((await get(scene.owner, at("certificate"))).status).toBe(200);
    await keep(held);
  });

  test("a server that lost its key still proves what the old one sealed, and no longer calls it its own", async () => {
    const before = await keysOf();
    rmSync(join(house.folder, "seal.secret"));
    await restarted();
    const after = await keysOf();
    expect(after).not.toEqual(before);
    const bundle = await bundleOf(scene.owner);
    expect(standing(await recheck(bundle, digest, verifySeal))).toBe("ok");
    expect(bundle.signatures.map(({ seal }) => seal.key)).toEqual([...before, ...before]);
  });
});
