import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bundle, bundleOf, bundleText, readBundle } from "../../shared/contract/bundle.ts";
import { consents, consentVersion } from "../../shared/contract/consent.ts";
import { type Check, recheck, standing } from "../../shared/contract/recheck.ts";
import { agentSaid, sealedText } from "../../shared/contract/record.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { network } from "../../shared/kit/address.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { fine } from "../house.ts";
import { terms as draft } from "../stories/scene.ts";
import { anySealer, digest, NOON, signedBundle, signedFacts, verifySeal } from "./signed.ts";

const read = readTerms({
  ...draft,
  guarantee: { result: "lead", target: 25, per: "period", toleranceBp: 500, remedy: { kind: "proRata" } },
});
if (!read.ok) throw new Error("the terms of this test hold");
const terms: Terms = read.terms;
const sealer = anySealer();
const good = await signedBundle({ sealer, terms });

const checked = (bundle: Bundle): Promise<readonly Check[]> => recheck(bundle, digest, verifySeal);

/** Read the file and check it: why it was not read, or what failed. */
const faultsIn = async (text: string): Promise<readonly string[]> => {
  const bundle = readBundle(text);
  if (!bundle.ok) return [bundle.refusal.code];
  return (await checked(bundle.value)).flatMap(({ name, party, state }) =>
    state === "failed" ? [party ? `${name}-${party}` : name] : [],
  );
};

type Path = readonly (string | number)[];

const leavesOf = (it: unknown, path: Path = []): readonly (readonly [Path, unknown])[] => {
  if (typeof it !== "object" || it === null) return [[path, it]];
  return Object.entries(it).flatMap(([key, value]) =>
    leavesOf(value, [...path, Array.isArray(it) ? Number(key) : key]),
  );
};

const withValue = (it: unknown, [key, ...rest]: Path, value: unknown): unknown => {
  if (key === undefined) return value;
  const next = withValue((it as Record<string, unknown>)[key], rest, value);
  if (Array.isArray(it)) return it.map((held, index) => (index === key ? next : held));
  return { ...(it as object), [key]: next };
};

const altered = (path: Path, value: unknown): string => canonical(withValue(good, path, value) as Json);

describe("a contract that both signed", () => {
  test("passes every check, from its file alone", async () => {
    const bundle = fine(readBundle(bundleText(good)));
    expect((await checked(bundle)).filter(({ state }) => state !== "ok")).toEqual([]);
    expect(standing(await checked(bundle))).toBe("ok");
  });

  test("is always the same file, byte for byte", async () => {
    expect(bundleText(await signedBundle({ sealer, terms }))).toBe(bundleText(good));
  });

  test("says whole what was agreed, consented to and recorded", () => {
    const [brand, influencer] = good.signatures;
    expect(brand?.record).toMatchObject({
      party: "brand",
      method: "passkey",
      address: "203.0.113.0/24",
      signedAt: NOON,
    });
    expect(influencer?.record.consent).toEqual(consents[consentVersion]);
    expect(influencer?.record.place.after).toBe(brand?.link.hash);
    expect(good.text.join(" ")).toContain("simple electronic signature");
  });
});

describe("a contract that was tampered with", () => {
  const leaves = leavesOf(good);

  test("fails a check whichever of its values is changed", async () => {
    const change = fc.constantFrom(...leaves).chain(([path, value]) =>
      fc.tuple(
        fc.constant(path),
        fc
          .oneof(
            fc.string(),
            fc.integer(),
            fc.constant(null),
            fc.constant(typeof value === "string" ? `${value} ` : String(value)),
            fc.constant(typeof value === "number" ? value + 1 : `x${String(value)}`),
          )
          .filter((other) => other !== value),
      ),
    );
    await fc.assert(
      fc.asyncProperty(change, async ([path, value]) => {
        expect(await faultsIn(altered(path, value)), path.join("/")).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("fails a check when any single byte of its file is another, unless it still says the very same", async () => {
    const file = Buffer.from(bundleText(good));
    const spot = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 0x20, max: 0x7e }));
    await fc.assert(
      fc.asyncProperty(spot, async ([at, byte]) => {
        fc.pre(file[at] !== byte);
        const other = Buffer.from(file);
        other[at] = byte;
        const text = other.toString();
        const same = (() => {
          try {
            return canonical(JSON.parse(text)) === bundleText(good);
          } catch {
            return false;
          }
        })();
        if (!same) expect(await faultsIn(text), `byte ${at} as ${byte}`).not.toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test("is refused when it holds anything more, even under a name every object answers to", async () => {
    for (const name of ["more", "toString", "constructor", "__proto__"]) {
      expect(await faultsIn(bundleText(good).replace("{", `{"${name}":1,`)), name).toEqual(["not-a-contract"]);
      const deep = bundleText(good).replace('"record":{', `"record":{"${name}":1,`);
      expect(await faultsIn(deep), name).toEqual(["not-a-contract"]);
    }
  });

  test("says which clause does not follow from the terms", async () => {
    const text = good.text.map((clause) => clause.replace("10.00 USD", "19.00 USD"));
    expect(text).not.toEqual(good.text);
    const faults = (await checked({ ...good, text })).filter(({ state }) => state === "failed");
    expect(faults.map(({ name }) => name)).toEqual(["wording", "text"]);
    expect(faults[0]?.because).toContain("19.00 USD");
    expect(faults[0]?.because).toContain("the terms give “Pay 1. 10.00 USD");
  });

  test("is not saved by sealing one record anew with another key: the chain still tells of the first seal", async () => {
    const [brand, influencer] = good.signatures;
    if (!brand || !influencer) throw new Error("both signed");
    const record = { ...brand.record, signedAt: brand.record.signedAt - 1000 };
    const forged = { ...brand, record, seal: anySealer().seal(sealedText(record)) };
    const bundle = { ...good, signatures: [forged, influencer] };
    expect(await faultsIn(bundleText(bundle))).toEqual(["chain-brand"]);
  });
});

describe("what a check can and cannot say", () => {
  test("one signature does not make a contract, and two of one party do not either", async () => {
    const [brand] = good.signatures;
    if (!brand) throw new Error("both signed");
    expect(await faultsIn(bundleText({ ...good, signatures: [brand] }))).toEqual(["parties"]);
    expect(await faultsIn(bundleText({ ...good, signatures: [brand, brand] }))).toEqual(["parties", "order"]);
  });

  test("an erased name leaves the seal whole, and is said to be erased", async () => {
    const signatures = good.signatures.map((it) => ({ ...it, signer: null }));
    const checks = await checked({ ...good, signatures });
    expect(standing(checks)).toBe("unknown");
    expect(checks.filter(({ state }) => state !== "ok").map(({ name }) => name)).toEqual(["signer", "signer"]);
  });

  test("where Ed25519 is missing the other checks are still made", async () => {
    const checks = await recheck(good, digest, async () => undefined);
    expect(checks.filter(({ state }) => state === "unknown").map(({ name }) => name)).toEqual(["seal", "seal"]);
    expect(checks.some(({ state }) => state === "failed")).toBe(false);
  });

  test("instants that contradict the chain are seen", async () => {
    expect(await faultsIn(bundleText(await signedBundle({ sealer, terms, at: [NOON, NOON - 1] })))).toEqual(["order"]);
  });

  test("what was signed before there were seals has no bundle, and nothing signed has none either", async () => {
    const facts = await signedFacts({ sealer, terms });
    const unsealed = facts.map((it) => ({ ...it, body: it.body.replace(/,"seal":\{[^}]*\}/, "") }));
    expect(bundleOf(terms, unsealed)).toMatchObject({ ok: false, refusal: { code: "not-sealed" } });
    expect(bundleOf(terms, [])).toMatchObject({ ok: false, refusal: { code: "not-signed" } });
  });

  test("no text whatever makes the reading of a file break off", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const nested = bundleText(good).replace(
      '"proRata"',
      `"makeGood","days":1,"then":${'{"kind":"none","then":'.repeat(9_000)}`,
    );
    for (const text of [deep, nested, "", "null", "[]", "{}", '{"format":"makegood-contract-1"}', "\u0000"])
      expect(readBundle(text)).toMatchObject({ ok: false, refusal: { code: "not-a-contract" } });
    fc.assert(fc.property(fc.json(), (text) => !readBundle(text).ok));
  });
});

describe("what is kept of where a signer was", () => {
  test("is the network and never the whole address", () => {
    expect(network("203.0.113.77")).toBe("203.0.113.0/24");
    expect(network("127.0.0.1")).toBe("127.0.0.0/24");
    expect(network("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1::/48");
    expect(network("2001:DB8::7")).toBe("2001:db8:0::/48");
    expect(network("fe80::1%eth0")).toBe("fe80:0:0::/48");
    expect(network("::1")).toBe("0:0:0::/48");
    expect(network("::ffff:203.0.113.77")).toBe("203.0.113.0/24");
    expect(network("::ffff:cb00:714d")).toBe("203.0.113.0/24");
    for (const no of ["", "localhost", "1.2.3", "1.2.3.256", "1:2:3", "::1::", "1:2:3:4:5:6:7:8:9", "g::1"])
      expect(network(no), no).toBeNull();
  });

  test("says the same for all addresses of one network", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(255), (address, host) => {
        const parts = address.split(".").slice(0, 3);
        expect(network(address)).toBe(network([...parts, host].join(".")));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(network(address)).toMatch(/^([0-9a-f]{1,4}(:[0-9a-f]{1,4}){2}::\/48|\d+\.\d+\.\d+\.0\/24)$/);
      }),
    );
  });

  test("a browser's name is short and printable, whatever was sent as one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1000 }), (sent) => {
        const said = agentSaid(sent);
        expect(said === null || /^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(said)).toBe(true);
      }),
    );
    expect(agentSaid(undefined)).toBeNull();
  });

  test("every consent there ever was says that the signature is electronic, and today's which kind it is", () => {
    for (const text of Object.values(consents)) expect(text.join(" ")).toContain("electronically");
    const today = (consents[consentVersion] ?? []).join(" ");
    for (const word of ["simple electronic signature", "neither an advanced nor a qualified", "copy", "Until I sign"])
      expect(today).toContain(word);
  });
});
