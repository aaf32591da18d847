import { createHash, createPublicKey } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { certificate } from "../../server/seal/certificate.ts";
import { runsOf } from "../../server/seal/faces.ts";
import { jwkOf, sealerIn, verifySeal } from "../../server/seal/seal.ts";
import { bundleText } from "../../shared/contract/bundle.ts";
import { checkPages, isPdf, readCertificate } from "../../shared/contract/certificate.ts";
import { recheck, standing } from "../../shared/contract/recheck.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { digest, verifySeal as otherVerify, signedBundle } from "../laws/signed.ts";
import { terms as draft } from "../stories/scene.ts";

const read = readTerms(draft);
if (!read.ok) throw new Error("the scene's terms hold");
const terms: Terms = read.terms;

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-seal-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const ORIGIN = "https://makegood.example";
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const pagesOf = async (pdf: Uint8Array) => {
  const taken = readCertificate(pdf);
  return (await checkPages(taken, hashOf(taken.sealed), verifySeal)).state;
};

describe("The sealing key", () => {
  test("is made at the first start, for this user alone, and is the same ever after", () => {
    const folder = newFolder();
    const first = sealerIn(folder);
    const again = sealerIn(folder);
    expect(again.publicKey).toBe(first.publicKey);
    expect(again.seal("some text")).toEqual(first.seal("some text"));
    expect(readdirSync(folder)).toEqual(["seal.secret"]);
    expect(statSync(join(folder, "seal.secret")).mode & 0o777).toBe(0o600);
    expect(sealerIn(newFolder()).publicKey).not.toBe(first.publicKey);
  });

  test("seals what any Ed25519 can check, and nothing else passes", async () => {
    const sealer = sealerIn(newFolder());
    const { key, signature } = sealer.seal("some text");
    for (const verify of [verifySeal, otherVerify]) {
      expect(await verify(key, "some text", signature)).toBe(true);
      expect(await verify(key, "some texT", signature)).toBe(false);
      expect(await verify(sealerIn(newFolder()).publicKey, "some text", signature)).toBe(false);
      expect(await verify("ff".repeat(32), "some text", signature)).toBe(false);
      expect(await verify(key, "some text", "00".repeat(64))).toBe(false);
    }
  });

  test("is published in a form other tools read", () => {
    const { publicKey } = sealerIn(newFolder());
    const { hex, kid, use: _, ...jwk } = jwkOf(publicKey);
    expect(hex).toBe(publicKey);
    expect(kid).toMatch(/^[\w-]{43}$/);
    const der = createPublicKey({ key: jwk, format: "jwk" }).export({ format: "der", type: "spki" });
    expect(der.subarray(-32).toString("hex")).toBe(publicKey);
  });

  test("that is lost takes nothing from what it sealed, but is not the new one", async () => {
    const folder = newFolder();
    const sealer = sealerIn(folder);
    const bundle = await signedBundle({ sealer, terms });
    rmSync(join(folder, "seal.secret"));
    const after = sealerIn(folder);
    expect(after.publicKey).not.toBe(sealer.publicKey);
    expect(standing(await recheck(bundle, digest, verifySeal))).toBe("ok");
    expect(bundle.signatures.map(({ seal }) => seal.key)).not.toContain(after.publicKey);
  });

  test("that is not one of ours stops the start, and says what to do", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "seal.secret"), "hello\n");
    expect(() => sealerIn(folder)).toThrow(/seal\.secret is not a secret of ours. Restore it/);
    expect(readFileSync(join(folder, "seal.secret"), "utf8")).toBe("hello\n");
  });
});

describe("A certificate", () => {
  const sealer = sealerIn(newFolder());
  const by = { sealer, origin: ORIGIN };

  test("is a PDF that carries the contract whole, and is the same to the byte each time", async () => {
    const bundle = await signedBundle({ sealer, terms });
    const pdf = await certificate(bundle, by);
    expect(isPdf(pdf)).toBe(true);
    expect(hashOf(await certificate(bundle, by))).toBe(hashOf(pdf));
    expect(Buffer.from(readCertificate(pdf).bundle ?? []).toString()).toBe(bundleText(bundle));
    expect(await pagesOf(pdf)).toBe("ok");
    expect(Buffer.from(pdf).toString("latin1")).not.toContain("Unifont");
  });

  test("sets every name in its own letters, and embeds the font it takes", async () => {
    const names = ["Łukasz Nguyễn 株式会社", "محمد علي"] as const;
    const bundle = await signedBundle({ sealer, terms, names });
    const pdf = await certificate(bundle, by);
    expect(Buffer.from(readCertificate(pdf).bundle ?? []).toString()).toContain("株式会社");
    const inside = Buffer.from(pdf).toString("latin1");
    for (const font of ["Unifont", "DejaVuSansCondensed-Bold"])
      expect(inside).toMatch(new RegExp(`/FontName /[A-Z]{6}\\+${font}`));
  });

  test("takes names as long as they may be, and names that were erased", async () => {
    const long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(5).slice(0, 180);
    const bundle = await signedBundle({ sealer, terms, names: [long, long] });
    const signatures = bundle.signatures.map((it, index) => (index === 0 ? it : { ...it, signer: null }));
    expect(await pagesOf(await certificate({ ...bundle, signatures }, by))).toBe("ok");
  });

  test("shows the change of any of its bytes", async () => {
    const pdf = await certificate(await signedBundle({ sealer, terms }), by);
    await fc.assert(
      fc.asyncProperty(fc.nat(pdf.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const other = Uint8Array.from(pdf);
        other[at] = (other[at] ?? 0) ^ by;
        expect(await pagesOf(other)).toBe("failed");
      }),
      { numRuns: 60 },
    );
    expect(await pagesOf(pdf.subarray(0, -1))).toBe("failed");
    expect(await pagesOf(Buffer.concat([pdf, Buffer.from("%%EOF\n")]))).toBe("failed");
  });

  test("holds no contract for a reader when it is some other PDF", () => {
    expect(readCertificate(Buffer.from("%PDF-1.7\n%%EOF\n"))).not.toHaveProperty("bundle");
    expect(readCertificate(Buffer.from(""))).not.toHaveProperty("seal");
  });
});

describe("Letters", () => {
  const has = (face: string, codePoint: number): boolean =>
    codePoint < 0x250 || (face === "text" && codePoint < 0x700) || (face === "rest" && codePoint < 0x10000);

  test("no letter is ever lost: each is set in a face that has it, or named", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const set = runsOf(text, "bold", has)
          .map((run) => run.text)
          .join("")
          .replaceAll("\u00a0", " ");
        const wanted = Array.from(text.replaceAll("\u00a0", " "), (letter) => {
          const codePoint = letter.codePointAt(0) ?? 0;
          return codePoint < 0x10000 ? letter : `[U+${codePoint.toString(16).toUpperCase()}]`;
        });
        expect(set).toBe(wanted.join(""));
      }),
    );
  });

  test("words from right to left are held together, apart from the others", () => {
    expect(runsOf("Signed by محمد علي today", "text", has).map(({ text }) => text)).toEqual([
      "Signed by ",
      "محمد\u00a0علي",
      " today",
    ]);
  });
});
