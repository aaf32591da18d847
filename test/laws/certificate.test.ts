import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bundleText } from "../../shared/contract/bundle.ts";
import { certificateText, checkPages, isPdf, readCertificate, sealLine } from "../../shared/contract/certificate.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import { terms as draft } from "../stories/scene.ts";
import { anySealer, signedBundle, verifySeal } from "./signed.ts";

const read = readTerms(draft);
if (!read.ok) throw new Error("the scene's terms hold");
const sealer = anySealer();
const contract = bundleText(await signedBundle({ sealer, terms: read.terms }));
const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const text = (it: Uint8Array | undefined): string => Buffer.from(it ?? []).toString("latin1");
const hashOf = (it: Uint8Array): string => createHash("sha256").update(it).digest("hex");
const sealed = (pages: string): Uint8Array =>
  bytes(pages + sealLine(sealer.seal(certificateText(hashOf(bytes(pages))))));
const checked = (it: Uint8Array, verify = verifySeal) => {
  const taken = readCertificate(it);
  return checkPages(taken, hashOf(taken.sealed), verify);
};

const PAGES = `%PDF-1.7\n{"form":1}\n${contract}\nendobj\n%%EOF\n`;

describe("a certificate taken apart", () => {
  test("gives the contract it carries, the seal it ends with, and all before the seal as what was sealed", () => {
    const taken = readCertificate(sealed(PAGES));
    expect(text(taken.bundle)).toBe(contract);
    expect(text(taken.sealed)).toBe(PAGES);
    expect(taken.seal).toEqual(sealer.seal(certificateText(hashOf(bytes(PAGES)))));
  });

  test("without a seal at its very end is all unsealed, though one may stand elsewhere in it", () => {
    for (const more of ["%%EOF\n", " "]) {
      const taken = readCertificate(Buffer.concat([sealed(PAGES), bytes(more)]));
      expect(taken).not.toHaveProperty("seal");
      expect(text(taken.sealed).endsWith(more)).toBe(true);
      expect(text(taken.bundle)).toBe(contract);
    }
    const short = readCertificate(bytes("%PDF-"));
    expect([text(short.sealed), "seal" in short, "bundle" in short]).toEqual(["%PDF-", false, false]);
  });

  test("finds no contract where there is none, or none that ends", () => {
    for (const other of ["%PDF-1.7\n{}\n", '%PDF-1.7\n{"format":"makegood-contract-2",\n', `%PDF-1.7\n${contract}`])
      expect(readCertificate(bytes(other))).not.toHaveProperty("bundle");
    expect(text(readCertificate(bytes(`${contract}\n`)).bundle)).toBe(contract);
  });

  test("is a PDF only when it begins as one", () => {
    expect([PAGES, "%PDF-", "", "%PDF", " %PDF-1.7", "%pdf-1.7"].map((it) => isPdf(bytes(it)))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("the pages of a certificate", () => {
  test("are as they were sealed, or were changed since", async () => {
    expect(await checked(sealed(PAGES))).toMatchObject({ name: "pages", state: "ok" });
    const changed = sealed(PAGES);
    changed[20] = (changed[20] ?? 0) ^ 1;
    expect(await checked(changed)).toMatchObject({
      name: "pages",
      state: "failed",
      because: expect.stringMatching(/was changed after it was sealed.*not on the PDF's pages/),
    });
  });

  test("that nobody sealed are no proof, and where Ed25519 is missing it cannot be told", async () => {
    expect(await checked(bytes(PAGES))).toMatchObject({
      name: "pages",
      state: "failed",
      because: expect.stringContaining("does not end with a seal"),
    });
    expect(await checked(sealed(PAGES), async () => undefined)).toMatchObject({
      name: "pages",
      state: "unknown",
      because: expect.stringContaining("could not be checked here"),
    });
  });
});
