import { expect, test } from "vitest";
import { click, eventually, own, say, setStage, stored } from "./stage.ts";

const stage = setStage();
const { tag, put, told, paths, visits, open } = stage;

const results = () => told("/v1/results");
const leadForm = (inner: string, attributes = "") =>
  `<form data-mg-lead ${attributes}>${inner}<button>Send</button></form>`;
const stays = own("addEventListener('submit', (event) => event.preventDefault())");

test.each([
  ["is down", { status: 503, text: "" }],
  ["asks for patience", { status: 429, text: "" }],
])("a lead is told again, under the same nonce, while the server %s", async (_, reply) => {
  put("/", tag());
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  stage.house.replies.results = reply;
  await say(page, "lead", { email: "ada@example.com" });
  await eventually(() => results().length).toBeGreaterThan(1);
  stage.house.replies.results = { json: { recorded: true } };
  const before = results().length;
  await eventually(() => results().length).toBeGreaterThan(before);
  expect(new Set(results().map((one) => JSON.stringify(one))).size).toBe(1);
});

test("a lead the server refuses for good is told once", async () => {
  put("/", tag());
  const { page } = await open("/");
  stage.house.replies.results = { status: 400, text: "{}" };
  await say(page, "lead", { email: "ada@example.com" });
  await eventually(results).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(results()).toHaveLength(1);
});

test("a lead left while the visitor was offline arrives once they are back", async () => {
  put("/", tag());
  const { page, context } = await open("/");
  await eventually(visits).toHaveLength(1);
  await context.setOffline(true);
  await say(page, "lead", { email: "ada@example.com" });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(results()).toHaveLength(0);
  await context.setOffline(false);
  await eventually(results).toHaveLength(1);
});

test("a lead that could not be told yet is told when the visitor leaves", async () => {
  put("/", tag());
  put("/next", "<h1>Next</h1>");
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  stage.house.replies.results = { status: 503, text: "" };
  await say(page, "lead", { email: "ada@example.com" });
  // After three refusals the next try would come four seconds later: leaving brings it forward.
  await eventually(results).toHaveLength(3);
  stage.house.replies.results = { json: { recorded: true } };
  await page.goto(`${stage.site.origin}/next`);
  await eventually(results).toHaveLength(4);
});

test("a lead survives its tab being closed at once, and a native form that leaves at once, every time", async () => {
  put("/thanks", "<h1>Thanks</h1>");
  put("/", tag() + leadForm(`<input name="email" value="ada@example.com">`, `method="post" action="/thanks"`));
  const { context } = await open("/");
  const times = 6;
  for (let at = 0; at < times; at++) {
    const page = await context.newPage();
    await page.goto(`${stage.site.origin}/`);
    await page.waitForFunction("window.makegood?.on");
    await say(page, "closed", { email: `closed${at}@example.com` });
    await page.close();
    const other = await context.newPage();
    await other.goto(`${stage.site.origin}/`);
    await other.waitForFunction("window.makegood?.on");
    await other.click("button");
    await other.waitForURL("**/thanks");
    await other.close();
  }
  await eventually(() => results().filter(({ result }) => result === "closed").length).toBe(times);
  await eventually(() => results().filter(({ result }) => result === "lead").length).toBe(times);
});

test("a form gives what it would itself send: nothing disabled, no placeholder, every chosen option", async () => {
  const inner = `<input name="email" value="ada@example.com"><input name="off" value="off" disabled>
    <fieldset disabled><input name="inside" value="inside"></fieldset><input value="nameless">
    <select name="country"><option disabled selected>Choose one</option><option>DE</option></select>
    <select name="size" multiple><option selected>41</option><option selected>42</option></select>
    <input type="radio" name="plan" value="free"><input type="radio" name="plan" value="pro" checked>`;
  put("/", tag() + stays + leadForm(inner));
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  await page.click("button");
  await eventually(results).toHaveLength(1);
  expect(results()[0]?.fields).toEqual({ email: "ada@example.com", size: "41, 42", plan: "pro" });
});

test("a password shown as text and a card number under any name stay on the page, unless the page says what it is", async () => {
  const inner = `<input name="email" value="ada@example.com"><input name="pass" value="hunter2">
    <input name="ccNumber" value="4111"><input name="security_code" value="737"><input name="n1" value="4111 1111 1111 1111">
    <input name="n2" value="3782-822463-10005"><input name="phone" value="+55 11 91234-5678">
    <input name="note" value="Call 0170 1234567, or 030 1234567"><input name="order" data-mg="id" value="100000000000000017">`;
  put("/", tag() + stays + leadForm(inner));
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  await page.click("button");
  await eventually(results).toHaveLength(1);
  expect(results()[0]?.id).toBe("100000000000000017");
  expect(results()[0]?.fields).toEqual({
    email: "ada@example.com",
    phone: "+55 11 91234-5678",
    note: "Call 0170 1234567, or 030 1234567",
  });
});

test("a page whose old library replaces Array.from still gives its forms' words", async () => {
  put("/", tag() + stays + leadForm(`<input name="email" value="ada@example.com">`));
  const { page } = await open("/", { init: "Array.from = (items) => [].slice.call(items)" });
  await eventually(visits).toHaveLength(1);
  await page.click("button");
  await eventually(results).toHaveLength(1);
  expect(results()[0]?.fields).toEqual({ email: "ada@example.com" });
});

test("a text cut in the middle of an emoji is cut before it, for half of one is refused", async () => {
  put("/", tag());
  const { page } = await open("/");
  await say(page, "lead", { note: `${"x".repeat(499)}\u{1f600}` });
  await eventually(results).toHaveLength(1);
  expect(results()[0]?.fields).toEqual({ note: "x".repeat(499) });
});

test("a site that moves by the Navigation API alone is seen once per changed path", async () => {
  const intercept = own("navigation.addEventListener('navigate', (event) => event.canIntercept && event.intercept())");
  put("/", `${intercept}${tag()}<a id="go" href="/two">Two</a><a id="stay" href="/two#there">There</a>`);
  const { page, complaints } = await open("/");
  await eventually(visits).toHaveLength(1);
  await page.click("#go");
  await page.click("#stay");
  await page.evaluate("history.pushState(null, '', '/three')");
  await eventually(paths).toEqual(["/", "/two", "/three"]);
  await stage.settled(page);
  expect(paths()).toEqual(["/", "/two", "/three"]);
  expect(complaints).toEqual([]);
});

test.each(["() => { throw new TypeError('blocked') }", "() => false", "undefined"])(
  "a visit is told by other means when sendBeacon is %s",
  async (beacon) => {
    put("/", tag());
    const { complaints } = await open(`/?mg=${click}`, { init: `navigator.sendBeacon = ${beacon}` });
    await eventually(visits).toHaveLength(1);
    expect(visits()[0]?.c).toBe(click);
    expect(complaints).toEqual([]);
  },
);

test("a later click in another tab is the last one, whatever happens in the earlier tab", async () => {
  const poll = { id: "p1", title: "Quick", thanks: "Thanks", showResults: false };
  stage.house.replies.page = { json: { poll: { ...poll, questions: [{ id: "q", kind: "text", title: "Why?" }] } } };
  put("/", tag());
  const { page, context } = await open("/?mg=first.token");
  await page.locator("makegood-poll .card").waitFor();
  const later = await context.newPage();
  await later.goto(`${stage.site.origin}/?mg=second.token`);
  await eventually(visits).toHaveLength(2);
  await page.getByRole("button", { name: "Close" }).click();
  expect((await stored(page)).makegood).toMatch(/^\d+,second\.token,\d+,p1$/);
});

test("when the visitor's storage is full, closing a poll costs the page no error", async () => {
  const poll = { id: "p1", title: "Quick", thanks: "Thanks", showResults: false };
  stage.house.replies.page = { json: { poll: { ...poll, questions: [{ id: "q", kind: "text", title: "Why?" }] } } };
  put("/", tag());
  const { page, complaints } = await open("/");
  await page.locator("makegood-poll .card").waitFor();
  await page.evaluate(() => {
    for (let most = 4_000_000; most > 0; )
      try {
        localStorage[`full${most}${Math.random()}`] = "x".repeat(most);
      } catch {
        most >>= 1;
      }
  });
  await page.getByRole("button", { name: "Close" }).click();
  await eventually(() => page.locator("makegood-poll").count()).toBe(0);
  expect(complaints).toEqual([]);
});
