import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseEmail } from "../../shared/judge/email.ts";

const corpus = process.env.MAKEGOOD_CORPUS;

interface Case {
  readonly id: string;
  readonly address: string;
  readonly category: string;
  readonly diagnosis: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescaped = (xml: string): string =>
  xml
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? "");
// The suite writes control characters as their pictures, U+2400 and on.
const controlled = (text: string): string =>
  text.replace(/[\u2400-\u2420]/g, (picture) => String.fromCharCode(picture.charCodeAt(0) - 0x2400));

const read = (file: string): readonly Case[] => {
  const xml = readFileSync(`${corpus}/email/${file}`, "utf8");
  const part = (test: string, tag: string): string => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(test)?.[1] ?? "";
  return [...xml.matchAll(/<test id="(\d+)">(.*?)<\/test>/gs)].map(([, id = "", inside = ""]) => ({
    id,
    address: unescaped(part(inside, "address")),
    category: part(inside, "category").replace("ISEMAIL_", ""),
    diagnosis: part(inside, "diagnosis"),
  }));
};

const verdictsOf = (cases: readonly Case[], category: string): readonly (readonly [string, string])[] =>
  cases.filter((it) => it.category === category).map((it) => [it.id, parseEmail(controlled(it.address)).verdict]);
const refused = (rows: readonly (readonly [string, string])[]) =>
  rows.filter(([, verdict]) => verdict === "undeliverable-syntax");
const count = (rows: readonly (readonly [string, string])[], verdict: string): number =>
  rows.filter(([, it]) => it === verdict).length;

describe.skipIf(!corpus)("the isemail suite of 164 addresses (needs MAKEGOOD_CORPUS)", () => {
  const cases = corpus ? read("isemail-tests.xml") : [];

  test("is read whole", () => {
    expect(cases).toHaveLength(164);
  });

  test("none of the 66 errors is taken for an address, in control characters or in their pictures", () => {
    const errors = cases.filter(({ category }) => category === "ERR");
    expect(errors).toHaveLength(66);
    expect(errors.filter(({ address }) => parseEmail(controlled(address)).ok)).toEqual([]);
    expect(errors.filter(({ address }) => parseEmail(address).ok)).toEqual([]);
  });

  test("all 22 valid addresses are taken, 21 as ordinary and the bare top-level domain as risky", () => {
    const valid = [...verdictsOf(cases, "VALID_CATEGORY"), ...verdictsOf(cases, "DNSWARN")];
    expect(valid).toHaveLength(22);
    expect(refused(valid)).toEqual([]);
    expect(valid.filter(([, verdict]) => verdict === "risky")).toEqual([["5", "risky"]]);
    expect(cases.find(({ id }) => id === "5")?.address).toBe("test@io");
  });

  test("the 16 odd forms of RFC 5321 are risky, never refused", () => {
    const odd = verdictsOf(cases, "RFC5321");
    expect(odd).toHaveLength(16);
    expect(count(odd, "risky")).toBe(16);
  });

  test.each(["CFWS", "DEPREC", "RFC5322"])("no %s form, which only message headers allow, is taken", (category) => {
    const rows = verdictsOf(cases, category);
    expect(rows.length).toBeGreaterThan(0);
    expect(refused(rows)).toHaveLength(rows.length);
  });
});

describe.skipIf(!corpus)("the original isemail suite of 279 addresses (needs MAKEGOOD_CORPUS)", () => {
  const cases = corpus ? read("isemail-tests-original.xml") : [];

  test("no error is taken for an address", () => {
    const errors = verdictsOf(cases, "ERR");
    expect(errors).toHaveLength(88);
    expect(refused(errors)).toHaveLength(88);
  });

  test("every valid address is taken as ordinary", () => {
    const valid = [...verdictsOf(cases, "VALID_CATEGORY"), ...verdictsOf(cases, "DNSWARN")];
    expect(valid).toHaveLength(42);
    expect(count(valid, "deliverable-syntax")).toBe(42);
  });

  test("odd forms are risky, but for the IPv6 forms RFC 5321 itself forbids", () => {
    const forbidden = new Set(
      cases.filter(({ diagnosis }) => diagnosis === "ISEMAIL_RFC5321_IPV6DEPRECATED").map(({ id }) => id),
    );
    const odd = verdictsOf(cases, "RFC5321");
    expect(count(odd, "risky")).toBe(66 - forbidden.size);
    expect(refused(odd).map(([id]) => id)).toEqual([...forbidden]);
  });

  test.each(["CFWS", "DEPREC", "RFC5322"])("no %s form is taken", (category) => {
    const rows = verdictsOf(cases, category);
    expect(refused(rows)).toHaveLength(rows.length);
  });
});
