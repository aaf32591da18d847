// @vitest-environment happy-dom
import fc from "fast-check";
import * as v from "valibot";
import { afterEach, expect, test } from "vitest";
import { readBytes } from "../../server/doors/body.ts";
import { exponents } from "../../shared/kit/currency.ts";
import { result } from "../../shared/wire/visitor.ts";
import { read, tell } from "../../widget/result.ts";

const minor = (value: unknown, currency?: string): unknown => tell("sale", { value, currency }).valueMinor;
const form = (html: string): HTMLFormElement => {
  document.body.innerHTML = html;
  return document.querySelector("form") as HTMLFormElement;
};
afterEach(() => {
  document.body.innerHTML = "";
});

test("the tag's short list knows the minor unit of every currency there is", () => {
  for (const [currency, exponent] of exponents)
    expect([currency, minor("1", currency)]).toEqual([currency, 10 ** exponent]);
});

test("an amount in major units becomes exactly as many minor ones", () => {
  const cents = fc.bigInt({ min: 0n, max: 899_999_999_999_999n });
  const currency = fc.constantFrom("EUR", "JPY", "KWD", "CLF");
  fc.assert(
    fc.property(cents, currency, (amount, code) => {
      const digits = exponents.get(code) ?? 0;
      const text = `${amount}`.padStart(digits + 1, "0");
      const value = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
      expect(minor(value, code.toLowerCase())).toBe(Number(amount));
    }),
  );
});

test.each([
  [19.99, "EUR", 1999],
  [1.005, "USD", 101],
  [0.1 + 0.2, "USD", 30],
  [" 12.5 ", "eur", 1250],
  [0, "EUR", 0],
  ["19.99", undefined, undefined],
  ["1.299,00", "EUR", undefined],
  ["", "EUR", undefined],
  [null, "EUR", undefined],
  [-1, "EUR", undefined],
  [Number.NaN, "EUR", undefined],
  [1e300, "EUR", undefined],
  [{}, "EUR", undefined],
  [{ toString: null }, "EUR", undefined],
])("%s %s is %s minor units", (value, currency, expected) => {
  expect(minor(value, currency)).toBe(expected);
});

test("minor units are taken as they are, and outrank major ones", () => {
  expect(tell("sale", { valueMinor: 1999, value: "5", currency: "EUR" }).valueMinor).toBe(1999);
  expect(tell("sale", { valueMinor: "1999" }).valueMinor).toBe(1999);
  expect(tell("sale", { valueMinor: "a lot" }).valueMinor).toBeUndefined();
});

test("five reserved keys speak of the result, every other key is a field, cut to what the wire takes", () => {
  const given = {
    id: 7,
    code: "ADA10",
    email: " ada@example.com ",
    age: 36,
    vip: true,
    none: null,
    note: "x".repeat(900),
  };
  const told = tell("lead", { ...given, ["k".repeat(60)]: "v" });
  expect(told).toMatchObject({ result: "lead", id: "7", code: "ADA10", currency: undefined });
  expect(told.fields).toEqual({
    email: "ada@example.com",
    age: "36",
    vip: "true",
    note: "x".repeat(500),
    ["k".repeat(40)]: "v",
  });
});

test("whatever a page says of a result, the server can read it", () => {
  const whence = { k: "pk_abcdefghij0123456789", p: "https://shop.example/", n: "12345678" };
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary", maxLength: 20 }).map((text) => "x".repeat(490) + text),
    fc.array(fc.integer({ min: 0xd7f0, max: 0xe00f })).map((units) => String.fromCharCode(...units)),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.object(),
  );
  const keys = fc.oneof(fc.constantFrom("id", "value", "valueMinor", "currency", "code"), fc.string());
  const sendable = (given: Record<string, unknown>): unknown => {
    const said = new TextEncoder().encode(JSON.stringify({ ...whence, ...tell("lead", given) }));
    const read = readBytes(said);
    return read.ok ? read.value : read;
  };
  fc.assert(
    fc.property(fc.dictionary(keys, anything), (given) => {
      expect(v.safeParse(result.body, sendable(given)).issues).toBeUndefined();
    }),
  );
});

test("a form gives what a visitor typed and chose, and nothing that is secret or the page's own", () => {
  const fields = read(
    form(`<form><input name="email" value="a@b.example"><textarea name="note">hi</textarea>
      <input type="radio" name="size" value="S"><input type="radio" name="size" value="M" checked>
      <input type="password" name="x" value="s3"><input name="password_again" value="s3"><input name="q" autocomplete="new-password" value="s3">
      <input name="card_number" value="4111"><input name="y" autocomplete="cc-csc" value="123"><input name="z" autocomplete="one-time-code" value="9">
      <input type="hidden" name="authenticity_token" value="t"><input type="hidden" name="__VIEWSTATE" value="t"><input type="hidden" name="_csrf" value="t">
      <textarea name="g-recaptcha-response">t</textarea><input type="submit" name="go" value="Go"><input type="hidden" name="id" value="17"></form>
      <input name="outside" value="no"><form><input name="other" value="no"></form>`),
  );
  expect(fields).toEqual({ email: "a@b.example", note: "hi", size: "M" });
});

test("data-mg says what an input is to be read as", () => {
  const given = read(
    form(`<form><input name="total" data-mg="value" value="19.99"><input name="cur" data-mg="currency" value="EUR">
      <input name="id" data-mg="id" value="o-1"><input name="fld_7" data-mg="email" value="a@b.example"></form>`),
  );
  expect(tell("sale", given)).toMatchObject({
    id: "o-1",
    valueMinor: 1999,
    currency: "EUR",
    fields: { email: "a@b.example" },
  });
});

const fieldOf = (name: string, value: string): unknown => {
  const input = document.createElement("input");
  input.name = name;
  input.setAttribute("value", value);
  const whole = form("<form></form>");
  whole.append(input);
  return read(whole)[name];
};

test.each([
  ["phone", "0049 151 23456789"],
  ["phone", "0086 138 0013 8000"],
  ["phone", "0055 11 91234 5678"],
  ["phone", "0091 98765 43210"],
  ["phone", "+54 9 11 1234-5678"],
  ["phone", "+49 1522 12345678"],
  ["note", "call 0151 23456789, 089 123456"],
  ["order", "112-1234567-1234567"],
  ["order", "302-1234567-1234567"],
  ["stay", "2026-11-23/2026-11-30"],
  ["stay", "2026-11-23 2026-11-30"],
  ["at", "20261123143000"],
  ["email", "123456789012345@qq.com"],
  ["visit", "1234567890.1234567890"],
  ["passengers", "3"],
  ["passport_country", "DE"],
  ["compass", "N"],
  ["cyber_security", "yes"],
  ["secretary", "Ms Ito"],
  ["cc", "ben@example.com"],
  ["account", "Shoes Ltd"],
])("a lead keeps %s: %s", (name, value) => {
  expect(fieldOf(name, value)).toBe(value);
});

test.each([
  ["n", "4111111111111111"],
  ["n", "4111 1111 1111 1111"],
  ["n", "4111-1111-1111-1111"],
  ["n", " 5555 5555 5555 4444 "],
  ["n", "2223 0031 2200 3222"],
  ["n", "378282246310005"],
  ["n", "3782 822463 10005"],
  ["n", "3782-822463-10005"],
  ["n", "3056 930902 5904"],
  ["n", "6011 1111 1111 1117"],
  ["n", "6304 0000 0000 0000 000"],
  ["n", "my card: 4242 4242 4242 4242, 12/29"],
  ["pass", "x"],
  ["password", "x"],
  ["Passwort", "x"],
  ["user_passwd", "x"],
  ["pwd", "x"],
  ["ccnumber", "4111"],
  ["cc-number", "4111"],
  ["cc_exp", "12/29"],
  ["card_number", "4111"],
  ["cvc", "737"],
  ["cvv2", "737"],
  ["security_code", "737"],
  ["securityCode", "737"],
  ["client_secret", "x"],
  ["secret", "x"],
  ["iban", "x"],
  ["csrf", "x"],
  ["_wpnonce", "a1b2c3d4e5"],
  ["woocommerce-process-checkout-nonce", "abc"],
  ["captcha", "7"],
  ["captcha_code", "7"],
  ["h-captcha-response", "x"],
])("a lead never carries %s: %s", (name, value) => {
  expect(fieldOf(name, value)).toBeUndefined();
});
