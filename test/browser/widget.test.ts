import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page as Tab } from "playwright-core";
import { expect, test } from "vitest";
import type { Poll } from "../../shared/audience/poll.ts";
import { findChromium } from "./chromium.ts";
import { click, eventually, key, own, queue, say, setStage, stored } from "./stage.ts";

const stage = setStage();
const { tag, put, told, visits, paths, open, settled } = stage;

test("a visit under the strictest content security policy is told once, in words the server takes", async () => {
  put("/", `<title>Shoes</title>${tag()}<h1>Shoes</h1>`);
  const { page, complaints } = await open(`/?mg=${click}&email=ada@example.com#top`);
  await eventually(visits).toHaveLength(1);
  await settled(page);
  const [visit] = visits();
  expect(visits()).toHaveLength(1);
  expect(visit).toEqual({
    k: key,
    v: expect.any(String),
    c: click,
    p: `${stage.site.origin}/`,
    n: expect.any(String),
  });
  expect(Object.keys(await stored(page))).toEqual(["makegood"]);
  expect(complaints).toEqual([]);
  expect(JSON.stringify(stage.house.heard)).not.toContain("ada@");
});

test("the next page knows the visitor and the click again, and where the visitor was before is told to nobody", async () => {
  put("/", tag());
  put("/next", tag());
  const { page } = await open(`/?mg=${click}`);
  await eventually(visits).toHaveLength(1);
  await page.goto(`${stage.site.origin}/next`, { referer: "https://news.example/story?id=7" });
  await eventually(visits).toHaveLength(2);
  await page.goto(`${stage.site.origin}/next?mg=other1.token`);
  await eventually(visits).toHaveLength(3);
  await page.goto(`${stage.site.origin}/`);
  await eventually(visits).toHaveLength(4);
  expect(new Set(visits().map((one) => one.v)).size).toBe(1);
  expect(new Set(visits().map((one) => one.n)).size).toBe(4);
  expect(visits().map(({ c }) => c)).toEqual([click, click, "other1.token", "other1.token"]);
  expect(JSON.stringify(stage.house.heard)).not.toContain("news.example");
});

test("a visitor who leaves the moment the tag has run is still counted, every time", async () => {
  const times = 10;
  const leave = `document.querySelector("script[data-key]").onload=()=>{location.href="/gone"}`;
  for (let at = 0; at < times; at++) put(`/${at}`, `${tag()}${own(leave)}`);
  put("/gone", "<h1>elsewhere</h1>");
  const { page } = await open("/gone");
  for (let at = 0; at < times; at++) {
    await page.goto(`${stage.site.origin}/${at}`, { waitUntil: "commit" });
    await page.waitForURL("**/gone");
  }
  await eventually(() => paths().sort()).toEqual(Array.from({ length: times }, (_, at) => `/${at}`));
});

const poll: Poll = {
  id: "shoes",
  title: "A quick question",
  thanks: "Thank you!",
  showResults: true,
  questions: [
    {
      id: "where",
      kind: "choice",
      title: "Where did you hear of us?",
      required: true,
      options: [
        { id: "ig", label: "Instagram" },
        { id: "friend", label: "A friend" },
      ],
    },
    { id: "recommend", kind: "scale", title: "Would you recommend us?", low: "Never", high: "Surely" },
    { id: "why", kind: "text", title: "Why?" },
  ],
};
const card = (page: Tab) => page.locator("makegood-poll .card");
const goOn = (page: Tab): Promise<void> => page.locator("makegood-poll .go").click();
const answerByMouse = async (page: Tab): Promise<void> => {
  await page.locator("makegood-poll").getByText("A friend").click();
  await goOn(page);
  await page.locator("makegood-poll").getByText("9", { exact: true }).click();
  await goOn(page);
  await page.locator("makegood-poll textarea").fill("They fit");
  await goOn(page);
};

const guarded = `
  window.touched = 0;
  const real = window.localStorage;
  Object.defineProperty(window, "localStorage", { configurable: true, get() { window.touched++; return real; } });
`;
const gpc = `Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });`;

test.each([
  ["Global Privacy Control", gpc, ""],
  ["a page that asks for consent first", "", `data-consent="required"`],
  ["both", gpc, `data-consent="required"`],
])("%s: no identifier, only the bare link code, and storage is not even looked at", async (_, init, attributes) => {
  put("/", tag(attributes));
  stage.house.replies.page = { json: { poll } };
  const { page, complaints } = await open(`/?mg=${click}`, { init: init + guarded });
  await eventually(visits).toHaveLength(1);
  await say(page, "lead", { email: "ada@example.com" });
  await answerByMouse(page);
  await expect
    .poll(() => stage.house.heard.map(({ door }) => door).sort())
    .toEqual(["/v1/answers", "/v1/beacon", "/v1/results"]);
  for (const { body } of stage.house.heard) expect([body.v, body.c]).toEqual([undefined, "k7x2m9"]);
  expect(await page.evaluate("window.touched")).toBe(0);
  expect(complaints).toEqual([]);
});

test("a yes names the visit that was already told, a no erases everything again", async () => {
  put("/", tag(`data-consent="required"`));
  const { page } = await open(`/?mg=${click}`);
  await eventually(visits).toHaveLength(1);
  await say(page, "consent", true);
  await eventually(visits).toHaveLength(2);
  const [before, after] = visits();
  expect([before?.v, before?.c, after?.c]).toEqual([undefined, "k7x2m9", click]);
  expect(after?.n).toBe(before?.n);
  expect(await stored(page)).toEqual({ makegood: expect.stringContaining(String(after?.v)) });
  await say(page, "consent", false);
  await say(page, "lead", { email: "ada@example.com" });
  await eventually(() => told("/v1/results")).toHaveLength(1);
  expect(told("/v1/results")[0]).not.toHaveProperty("v");
  expect(told("/v1/results")[0]?.c).toBe("k7x2m9");
  expect(await stored(page)).toEqual({});
});

test("Global Privacy Control outranks a yes", async () => {
  put("/", tag());
  const { page } = await open(`/?mg=${click}`, { init: gpc });
  await eventually(visits).toHaveLength(1);
  await say(page, "consent", true);
  await settled(page);
  expect(visits()).toHaveLength(1);
  expect(stage.house.heard.every(({ body }) => body.v === undefined && body.c === "k7x2m9")).toBe(true);
  expect(await stored(page)).toEqual({});
});

test("calls made before the tag has come are kept and answered in their order", async () => {
  const calls = `makegood("consent",true);makegood("lead",{email:"a@b.example"});makegood("sale",{id:"o-1",value:"19.99",currency:"eur",sku:"x"})`;
  put("/", `${own(queue + calls)}${tag(`data-consent="required"`)}`);
  const { complaints } = await open(`/?mg=${click}`);
  await eventually(() => told("/v1/results")).toHaveLength(2);
  await eventually(visits).toHaveLength(1);
  const [lead, sale] = told("/v1/results");
  expect(lead).toMatchObject({ result: "lead", fields: { email: "a@b.example" }, c: click, v: expect.any(String) });
  expect(sale).toMatchObject({ result: "sale", id: "o-1", valueMinor: 1999, currency: "EUR", fields: { sku: "x" } });
  expect(complaints).toEqual([]);
});

test("the same result said twice on one page view carries one nonce, another result another", async () => {
  put("/", tag());
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  for (const email of ["a@b.example", "a@b.example", "c@d.example"]) await say(page, "lead", { email });
  await eventually(() => told("/v1/results")).toHaveLength(3);
  const [one, again, other] = told("/v1/results").map(({ n }) => n);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

test("a form is read when it is sent, without being held up, and gives away neither password, card nor token", async () => {
  put("/thanks", "<h1>Thanks</h1>");
  const form = `<form action="/thanks" data-mg-lead><input name="email" value="ada@example.com"><input name="name" value=" Ada ">
    <input type="password" name="pw" value="hunter2"><input name="n1" autocomplete="cc-number" value="4111">
    <input type="hidden" name="csrf_token" value="t0k"><input type="hidden" name="plan" value="pro"><input type="file" name="cv">
    <input type="checkbox" name="topics" value="shoes" checked><input type="checkbox" name="topics" value="socks" checked>
    <input type="checkbox" name="no" value="1"><input name="elements" value="clobber"><input name="promo" data-mg="code" value="ADA10">
    <select name="size" multiple><option selected>41</option><option selected>42</option><option>43</option></select>
    <button name="go" value="1">Send</button></form>`;
  put("/", `${tag()}${form}`);
  const { page, complaints } = await open("/");
  await page.click("button");
  await page.waitForURL("**/thanks?**");
  await eventually(() => told("/v1/results")).toHaveLength(1);
  expect(told("/v1/results")[0]).toMatchObject({
    result: "lead",
    code: "ADA10",
    fields: {
      email: "ada@example.com",
      name: "Ada",
      plan: "pro",
      topics: "shoes, socks",
      elements: "clobber",
      size: "41, 42",
    },
  });
  expect(Object.keys(told("/v1/results")[0]?.fields as object)).toHaveLength(6);
  expect(complaints).toEqual([]);
});

test("a form that was put in later, and refused by the page itself, is read as the result it names", async () => {
  put("/", tag());
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  await page.evaluate(() => {
    const form = document.createElement("form");
    form.setAttribute("data-mg-lead", "trial");
    const input = document.createElement("input");
    input.name = "email";
    input.value = "ada@example.com";
    form.append(input, document.createElement("button"));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.body.append(form);
  });
  await page.click("button");
  await eventually(() => told("/v1/results")).toHaveLength(1);
  expect(told("/v1/results")[0]).toMatchObject({ result: "trial", fields: { email: "ada@example.com" } });
});

test("a single-page site is seen once per changed path, not per query or fragment, and its own history keeps working", async () => {
  put("/", tag());
  const { page, complaints } = await open("/");
  await eventually(visits).toHaveLength(1);
  const returned = await page.evaluate(() => {
    history.replaceState({ at: 0 }, "", "/?sort=price");
    history.pushState({ at: 1 }, "", "/shoes");
    history.pushState({ at: 2 }, "", "/shoes#reviews");
    const out = history.pushState.call(history, { at: 3 }, "", "/cart");
    return [out, history.state.at, history.length];
  });
  expect(returned).toEqual([undefined, 3, expect.any(Number)]);
  await page.evaluate(() => history.go(-3));
  await eventually(paths).toEqual(["/", "/shoes", "/cart", "/"]);
  await settled(page);
  expect(paths()).toEqual(["/", "/shoes", "/cart", "/"]);
  expect(new Set(visits().map(({ n }) => n)).size).toBe(4);
  expect(complaints).toEqual([]);
});

test("a page brought back by the back/forward cache is exactly one new view", async () => {
  put("/", `${tag()}${own("addEventListener('pageshow',(event)=>{window.returned=event.persisted})")}`);
  put("/next", "<h1>Next</h1>");
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  await page.goto(`${stage.site.origin}/next`);
  await page.evaluate(() => history.back());
  await eventually(visits).toHaveLength(2);
  expect(await page.evaluate("window.returned")).toBe(true);
  await settled(page);
  expect(visits()).toHaveLength(2);
  expect(stage.house.methods.filter((line) => line === "GET /tag.js")).toHaveLength(1);
  expect(visits()[0]?.n).not.toBe(visits()[1]?.n);
});

test("a prerendered page says nothing until it is really shown, and then everything", async () => {
  const rules = `<script nonce="own" type="speculationrules">{"prerender":[{"urls":["/shown"],"eagerness":"immediate"}]}</script>`;
  const wait = "(async function wait(){(await fetch('/go')).ok?location.href='/shown':setTimeout(wait,100)})()";
  put("/", `${rules}${own(wait)}`, { "content-security-policy": "" });
  const lead = `${queue}makegood("lead",{prerendered:document.prerendering});`;
  put("/shown", `${own(`${lead}setTimeout(()=>fetch("/patient"),2500)`)}${tag()}`);
  delete stage.site.pages["/go"];
  stage.site.asked.length = 0;
  // No DevTools here: a browser that is being driven does not prerender.
  const profile = await mkdtemp(join(tmpdir(), "makegood-prerender-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"];
  const alone = spawn(findChromium(), [...flags, `--user-data-dir=${profile}`, `${stage.site.origin}/`], {
    stdio: "ignore",
  });
  try {
    // By then even a page that is never idle would have had its turn.
    await eventually(() => stage.site.asked).toContain("/patient");
    expect(stage.house.methods).toEqual(["GET /tag.js"]);
    put("/go", "");
    await eventually(visits).toHaveLength(1);
    await eventually(() => told("/v1/results")).toHaveLength(1);
    expect(told("/v1/results")[0]).toMatchObject({ p: `${stage.site.origin}/shown`, fields: { prerendered: "true" } });
    expect(stage.house.methods.filter((line) => line === "GET /tag.js")).toHaveLength(1);
  } finally {
    const gone = new Promise((resolve) => alone.once("exit", resolve));
    alone.kill("SIGTERM");
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

const brokenGlobals = `
  Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
  Array.prototype.push = Array.prototype.forEach = Array.prototype.map = () => { throw new Error("replaced"); };
  Object.prototype.extra = "polluted";
  navigator.sendBeacon = undefined;
  window.requestIdleCallback = undefined;
`;

test("blocked storage, replaced prototypes and a missing sendBeacon cost the page nothing, and the visit is still told", async () => {
  put("/", tag());
  const { page, complaints } = await open(`/?mg=${click}`, { init: brokenGlobals });
  await eventually(visits).toHaveLength(1);
  expect(visits()[0]).toEqual({ k: key, c: click, p: `${stage.site.origin}/`, n: expect.any(String) });
  await page.evaluate("history.pushState(null, '', '/two')");
  await eventually(paths).toEqual(["/", "/two"]);
  expect(complaints).toEqual([]);
});

test.each([
  ["an element called makegood", `<div id="makegood"></div>`],
  ["a makegood that is a number", own("window.makegood = 7")],
  [
    "a makegood that cannot be replaced",
    own("Object.defineProperty(window,'makegood',{value:Object.freeze({q:null})})"),
  ],
  [
    "a queue full of nonsense",
    own("window.makegood={q:[null,7,[],[Symbol()],['lead',null],['lead',{x:{toString:null}}]]}"),
  ],
  ["history that cannot be written", own("Object.freeze(history)")],
])("%s: the page never hears of it", async (_, html) => {
  put("/", `${html}${tag()}`);
  const { complaints } = await open("/");
  await eventually(visits).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test("two copies of the tag are one tag", async () => {
  put("/", `${tag()}${tag(`id="again"`)}`);
  const { page } = await open("/");
  await eventually(visits).toHaveLength(1);
  await settled(page);
  expect(visits()).toHaveLength(1);
});

test("a tag that was put in by another script, or loaded as a module, finds itself", async () => {
  put(
    "/",
    `${own(`import(${JSON.stringify(`${stage.house.origin}/tag.js`)})`)}<script type="text/plain" src="${stage.house.origin}/tag.js" data-key="${key}"></script>`,
  );
  const { complaints } = await open("/");
  await eventually(visits).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test("in a sandboxed frame without an origin the tag still counts, without a visitor", async () => {
  put("/", `<iframe sandbox="allow-scripts" src="/framed?mg=${click}"></iframe>`, { "content-security-policy": "" });
  put("/framed", tag());
  const { complaints } = await open("/");
  await eventually(visits).toHaveLength(1);
  expect(visits()[0]).toMatchObject({ c: click, p: `${stage.site.origin}/framed` });
  expect(visits()[0]).not.toHaveProperty("v");
  expect(complaints).toEqual([]);
});

test.each([
  ["is not there", { status: 404, text: "no" }],
  ["is broken", { status: 500, text: "" }],
  ["answers nonsense", { text: "<html>" }],
  ["answers null", { json: null }],
  ["never answers", { hang: true }],
  [
    "sends a kind of question nobody knows",
    { json: { poll: { ...poll, questions: [{ id: "x", kind: "tarot", title: "?" }] } } },
  ],
  [
    "sends an object where text belongs",
    { json: { poll: { ...poll, title: { type: "img", props: {}, constructor: undefined } } } },
  ],
])("when the page door %s, the page stays as it was", async (_, reply) => {
  put("/", tag());
  stage.house.replies.page = reply;
  const { page, complaints } = await open("/");
  await eventually(visits).toHaveLength(1);
  await eventually(() => stage.house.methods).toContain("GET /v1/page");
  await settled(page);
  expect(await page.locator("makegood-poll").count()).toBe(0);
  expect(complaints.filter((line) => !line.startsWith("Failed to load resource"))).toEqual([]);
});

test("when the poll's own file cannot be had, the page stays as it was", async () => {
  put("/", tag());
  stage.house.replies.page = { json: { poll } };
  const file = stage.house.files["/poll.js"] as string;
  stage.house.files["/poll.js"] = "throw new Error('half a file";
  const { page, complaints } = await open("/");
  await eventually(() => stage.house.methods).toContain("GET /poll.js");
  await settled(page);
  stage.house.files["/poll.js"] = file;
  expect(await page.locator("makegood-poll").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("a poll is answered by keyboard alone, under the strict policy, and shows how others answered", async () => {
  put("/", `${tag()}<button id="page">Buy</button>`);
  stage.house.replies.page = { json: { poll } };
  const questions = { where: { ig: 3, friend: 1 }, recommend: { 9: 1, 10: 3 }, why: { text: 2 } };
  stage.house.replies.answers = { json: { tally: { responses: 4, questions } } };
  const { page, complaints } = await open(`/?mg=${click}`);
  await page.locator("#page").focus();
  await card(page).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("page");
  const press = async (...keys: readonly string[]) => {
    for (const one of keys) await page.keyboard.press(one);
  };
  await press("Tab", "Tab", "Space", "ArrowDown", "Enter");
  await page.getByText("2 of 3").waitFor();
  await press("Tab", "Space", "ArrowLeft", "ArrowLeft", "Enter");
  await page.getByText("3 of 3").waitFor();
  await press("Tab");
  await page.keyboard.type("They fit");
  await press("Tab", "Tab", "Enter");
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();
  expect(told("/v1/answers")).toEqual([
    {
      k: key,
      v: expect.any(String),
      c: click,
      p: `${stage.site.origin}/`,
      n: visits()[0]?.n,
      poll: "shoes",
      answers: { where: "friend", recommend: 9, why: "They fit" },
    },
  ]);
  expect(await page.locator("makegood-poll .line").allInnerTexts()).toEqual(["Instagram\n75%", "A friend\n25%"]);
  expect(await page.locator("makegood-poll .own").count()).toBe(2);
  await press("Escape");
  await eventually(() => page.locator("makegood-poll").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("page");
  expect(complaints).toEqual([]);
});

test("a poll asks again for what is needed, lets the rest be skipped, and goes back without forgetting", async () => {
  put("/", tag());
  stage.house.replies.page = { json: { poll } };
  const { page } = await open("/");
  await goOn(page);
  expect(await page.locator("makegood-poll .fault").innerText()).toBe("Please answer this question.");
  expect(await page.getByRole("status").innerText()).toBe("Please answer this question.");
  await page.getByRole("radio", { name: "Instagram" }).check();
  await goOn(page);
  expect(await page.locator("makegood-poll .go").innerText()).toBe("Skip");
  await page.getByRole("button", { name: "Back" }).click();
  expect(await page.getByRole("radio", { name: "Instagram" }).isChecked()).toBe(true);
  await goOn(page);
  await goOn(page);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you!").waitFor();
  expect(told("/v1/answers")[0]?.answers).toEqual({ where: "ig" });
});

test("when answers cannot be sent they are kept, and trying again sends the same ones under the same nonce", async () => {
  put("/", tag());
  stage.house.replies.page = { json: { poll } };
  stage.house.replies.answers = { status: 503, text: "" };
  const { page } = await open("/");
  await answerByMouse(page);
  const again = page.getByRole("button", { name: "Try again" });
  await again.waitFor();
  expect(await page.locator("makegood-poll textarea").inputValue()).toBe("They fit");
  stage.house.replies.answers = { json: { tally: null } };
  await again.click();
  await page.getByText("Thank you!").waitFor();
  const [first, second] = told("/v1/answers");
  expect(second).toEqual(first);
});

test("a poll once closed stays away: on this page always, on the next one when the visitor may be remembered", async () => {
  stage.house.replies.page = { json: { poll } };
  put("/", tag());
  put("/asked", tag(`data-consent="required"`));
  const { page } = await open("/");
  await page.getByRole("button", { name: "Close" }).click();
  const asked = () => stage.house.methods.filter((line) => line === "GET /v1/page");
  await page.evaluate("history.pushState(null, '', '/two')");
  // A page left at once may not get round to asking.
  await eventually(asked).toHaveLength(2);
  await page.goto(`${stage.site.origin}/`);
  await eventually(asked).toHaveLength(3);
  await settled(page);
  expect(stage.house.methods.filter((line) => line === "GET /poll.js")).toHaveLength(1);
  expect((await stored(page)).makegood).toMatch(/,shoes$/);
  const { page: stranger } = await open("/asked");
  await stranger.getByRole("button", { name: "Close" }).click();
  await stranger.reload();
  await card(stranger).waitFor();
});

test("a page that hides and resets everything, transforms its body and stacks itself on top does not change the poll", async () => {
  const looks = (page: Tab) =>
    page.locator("makegood-poll").evaluate((host) => {
      const all = [host, ...(host.shadowRoot?.querySelectorAll("*") ?? [])];
      return all.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const { color, backgroundColor, font, display, direction } = getComputedStyle(one);
        return [one.tagName, x, y, width, height, color, backgroundColor, font, display, direction];
      });
    });
  const hostile = `<style>*{all:unset!important;display:none!important;direction:rtl!important}
    html{display:block!important}body{display:block!important;transform:rotate(9deg)!important;position:fixed!important;z-index:2147483647!important}
    makegood-poll{position:static!important;opacity:0!important;visibility:hidden!important;pointer-events:none!important}</style>`;
  stage.house.replies.page = { json: { poll } };
  put("/", `<html dir="rtl"><body>${tag()}`, { "content-security-policy": "" });
  put("/hostile", `<html dir="rtl">${hostile}<body>${tag()}`, { "content-security-policy": "" });
  const still = { reducedMotion: "reduce" } as const;
  const { page: calm } = await open("/", still);
  const { page: rough } = await open("/hostile", still);
  await card(calm).waitFor();
  await card(rough).waitFor();
  expect(await looks(rough)).toEqual(await looks(calm));
  await answerByMouse(rough);
  await rough.getByText("Thank you!").waitFor();
});

test.each([
  ["on a telephone 320 px wide", { viewport: { width: 320, height: 560 } }, "<html lang=de>"],
  ["from right to left", { viewport: { width: 800, height: 700 } }, "<html lang=ar dir=rtl>"],
  ["in the dark", { viewport: { width: 800, height: 700 }, colorScheme: "dark" }, "<html lang=fr>"],
  ["in forced colours", { viewport: { width: 800, height: 700 }, forcedColors: "active" }, "<html lang=es>"],
] as const)(
  "%s the poll stays inside the page, and everything to press is at least 24 px",
  async (_, options, html) => {
    put("/", `${html}<meta name="viewport" content="width=device-width">${tag()}`);
    stage.house.replies.page = { json: { poll } };
    const { page, complaints } = await open("/", { ...options, reducedMotion: "reduce" });
    await page.locator("makegood-poll label").first().click();
    await goOn(page);
    await page.locator("makegood-poll .scale").waitFor();
    const { width, height } = options.viewport;
    const box = await card(page).boundingBox();
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
    const targets = await page
      .locator("makegood-poll :is(label, button)")
      .evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect()).map((rect) => Math.min(rect.width, rect.height)),
      );
    expect(targets).toHaveLength(14);
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(24);
    const inner = await card(page).evaluate((one) => one.scrollWidth - one.clientWidth);
    expect(inner).toBe(0);
    expect(complaints).toEqual([]);
  },
);

test("a nonce with strict-dynamic, no Trusted Types policy at all and a base elsewhere: the visit is told, the poll shown", async () => {
  const policy = `default-src 'none'; script-src 'nonce-own' 'strict-dynamic'; connect-src ${stage.house.origin}; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  put("/", `<base href="https://elsewhere.example/deep/">${tag(`nonce="own"`)}`, { "content-security-policy": policy });
  stage.house.replies.page = { json: { poll } };
  const { page, complaints } = await open(`/?mg=${click}`);
  await card(page).waitFor();
  await eventually(paths).toEqual(["/"]);
  expect(complaints).toEqual([]);
});

test("nothing on the page moves when the poll comes, and when it goes", async () => {
  const watch = `window.moved = 0; new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) window.moved += hadRecentInput ? 0 : value })
    .observe({ type: "layout-shift", buffered: true })`;
  put("/", `${tag()}<h1>Shoes</h1><p>That fit</p>`);
  stage.house.replies.page = { json: { poll } };
  const { page } = await open("/", { init: watch });
  await card(page).waitFor();
  await page.locator("makegood-poll label").first().click();
  await goOn(page);
  await page.locator("makegood-poll .x").click();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await page.evaluate("window.moved")).toBe(0);
});

test("an answer that ends in half a character is sent without it, for half of one is refused", async () => {
  put("/", tag());
  stage.house.replies.page = { json: { poll: { ...poll, questions: poll.questions.slice(2) } } };
  const { page } = await open("/");
  await page.locator("makegood-poll textarea").evaluate((area: HTMLTextAreaElement) => {
    area.value = "They fit \ud83d";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await goOn(page);
  await page.getByText("Thank you!").waitFor();
  expect(told("/v1/answers")[0]?.answers).toEqual({ why: "They fit " });
});
