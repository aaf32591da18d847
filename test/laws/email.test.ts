import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LONGEST_EMAIL, type Mailbox, normaliseEmail, parseEmail, plainName } from "../../shared/judge/email.ts";

interface Vector {
  readonly text: string;
  readonly verdict: string;
  readonly domain?: string;
  readonly normal?: string;
}
const vectors: { readonly email: readonly Vector[] } = JSON.parse(
  readFileSync(new URL("../vectors/quality.json", import.meta.url), "utf8"),
);

const mailbox = (text: string): Mailbox => {
  const email = parseEmail(text);
  if (!email.ok) throw new Error(`${text}: ${email.because}`);
  return email;
};
const normal = (text: string): string => normaliseEmail(mailbox(text));

const atom = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}$/);
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9]{0,8}[a-z0-9])?$/);
const word = fc.oneof(atom, fc.constantFrom("é", "用户", "Ünal", "ΑΣ"));
const dotted = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
const quoted = fc.stringMatching(/^([ !#-[\]-~]|\\[ -~]){0,20}$/).map((inside) => `"${inside}"`);
const domain = fc.oneof(
  fc.constantFrom("gmail.com", "GoogleMail.com", "outlook.com", "Bücher.example", "[192.0.2.7]", "[IPv6:::1]"),
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
);
const legal = fc.tuple(fc.oneof(dotted, quoted), domain).map(([local, host]) => `${local}@${host}`);
const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('"', "\\", "@", ".", "a", "é", " ", "[", "]", ":", "(", "-", "1"), maxLength: 80 }),
  legal,
);

describe("reading an e-mail address", () => {
  test.each(vectors.email)("$text is $verdict", ({ text, verdict, domain: host, normal: form }) => {
    const email = parseEmail(text);
    expect(email.verdict).toBe(verdict);
    expect(email.ok).toBe(verdict !== "undeliverable-syntax");
    if (!email.ok) return;
    expect(email.domain).toBe(host);
    expect(normaliseEmail(email)).toBe(form);
  });

  test("whatever is typed is answered, never thrown at", () => {
    fc.assert(
      fc.property(anything, (text) => parseEmail(text).because.length > 0),
      { numRuns: 2_000 },
    );
  });

  test("every legal mailbox is read, and what was before the @ is kept as written", () => {
    fc.assert(
      fc.property(legal, (text) => {
        expect(mailbox(text).local).toBe(text.slice(0, text.lastIndexOf("@")));
      }),
    );
  });

  test("no explanation quotes the address", () => {
    fc.assert(
      fc.property(atom, anything, (name, rest) => {
        const secret = `zq${name}zq`;
        expect(parseEmail(`${secret}@${rest}`).because).not.toContain(secret);
        expect(parseEmail(`${rest}@${secret}`).because).not.toContain(secret);
      }),
    );
  });

  test("64 octets fit before the @ and 65 do not, however few letters they are", () => {
    expect(parseEmail(`${"a".repeat(64)}@example.com`).ok).toBe(true);
    expect(parseEmail(`${"a".repeat(65)}@example.com`).ok).toBe(false);
    expect(parseEmail(`${"é".repeat(32)}@example.com`).ok).toBe(true);
    expect(parseEmail(`${"é".repeat(33)}@example.com`).ok).toBe(false);
  });

  test("254 octets fit in all and 255 do not, a foreign domain counted as it is looked up", () => {
    const host = (last: number) => ["a".repeat(63), "b".repeat(63), "c".repeat(50), "d".repeat(last)].join(".");
    const fits = `${"x".repeat(64)}@${host(LONGEST_EMAIL - 65 - 179)}`;
    expect(fits).toHaveLength(254);
    expect(parseEmail(fits).ok).toBe(true);
    expect(parseEmail(`${"x".repeat(64)}@${host(LONGEST_EMAIL - 65 - 178)}`).ok).toBe(false);
    expect(parseEmail(`a@${"ü".repeat(40)}.example`).ok).toBe(true);
    expect(parseEmail(`a@${"ü.".repeat(120)}example`).ok).toBe(false);
  });

  test("a label of 63 characters is a name and one of 64 is none", () => {
    expect(parseEmail(`a@${"b".repeat(63)}.com`).ok).toBe(true);
    expect(parseEmail(`a@${"b".repeat(64)}.com`).ok).toBe(false);
    expect(parseEmail(`a@${"用".repeat(63)}.com`).ok).toBe(false);
  });

  test("a foreign domain and its punycode are the same domain", () => {
    for (const [shown, wired] of [
      ["bücher.example", "xn--bcher-kva.example"],
      ["faß.de", "xn--fa-hia.de"],
      ["例え.jp", "xn--r8jz45g.jp"],
    ]) {
      expect(mailbox(`a@${shown}`).domain).toBe(wired);
      expect(mailbox(`a@${wired}`)).toMatchObject({ domain: wired, verdict: "deliverable-syntax" });
    }
  });

  test("letters that would turn into a dot, a slash or a symbol are no domain", () => {
    for (const host of ["⒈com", "a℀b.com", "i❤.ws", "a。com", "a\u00adb.com", "a%2eb.com", "xn--\u00e9.com"])
      expect([host, parseEmail(`a@${host}`).ok]).toEqual([host, false]);
  });
});

describe("the form duplicates share", () => {
  test("normalising twice is normalising once, and never turns a mailbox into none", () => {
    fc.assert(fc.property(legal, (text) => normal(normal(text)) === normal(text)));
  });

  test("the case a lead was typed in does not make it new", () => {
    fc.assert(fc.property(legal, (text) => normal(text.toLowerCase()) === normal(text)));
  });

  test("dots and tags do not make a Gmail address new", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/);
    const host = fc.constantFrom("gmail.com", "googlemail.com", "GMAIL.com");
    fc.assert(
      fc.property(name, fc.stringMatching(/^[a-z0-9]{0,8}$/), host, (local, tag, provider) => {
        expect(normal(`${[...local].join(".")}+${tag}@${provider}`)).toBe(`${local}@gmail.com`);
        expect(normal(`"${local}"@${provider}`)).toBe(`${local}@gmail.com`);
      }),
    );
  });

  test("where a provider's custom is not known, dots and tags are meant", () => {
    expect(normal("a.b+c@company.example")).not.toBe(normal("ab@company.example"));
    expect(normal("a.b+c@company.example")).not.toBe(normal("a.b@company.example"));
    expect(normal("a.b@outlook.com")).not.toBe(normal("ab@outlook.com"));
    expect(normal("ann@outlook.com")).not.toBe(normal("ann@hotmail.com"));
  });

  test("a tag stays where dropping it would leave no mailbox behind", () => {
    expect(normal("ann.+tag@outlook.com")).toBe("ann.+tag@outlook.com");
    expect(normal("+tag@outlook.com")).toBe("+tag@outlook.com");
    expect(normal("ann.+tag@gmail.com")).toBe("ann@gmail.com");
  });

  test("needless quotation marks and backslashes go, needed ones stay", () => {
    expect(normal('"j\\o\\h\\n"@example.com')).toBe("john@example.com");
    expect(normal('"john..doe"@example.com')).toBe('"john..doe"@example.com');
    expect(normal('"a\\ b"@example.com')).toBe('"a b"@example.com');
    expect(normal('"a\\"b"@example.com')).toBe('"a\\"b"@example.com');
    expect(normal('""@example.com')).toBe('""@example.com');
  });

  test("the plain name has no case, tag or separators", () => {
    expect(plainName(mailbox("Customer.Care-Team+eu@example.com"))).toBe("customercareteam");
    expect(plainName(mailbox('"no_reply"@example.com'))).toBe("noreply");
  });
});
