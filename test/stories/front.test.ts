import { type IncomingHttpHeaders, request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import pkg from "../../package.json" with { type: "json" };
import { openapi } from "../../server/doors/openapi.ts";
import { mature } from "../../server/engine/clock.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { doors } from "../../shared/wire/doors.ts";
import { health } from "../../shared/wire/health.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { fine, type House, openHouse } from "../house.ts";
import { DAY, NOON, type Scene, setTheScene } from "./scene.ts";

let house: House;
let scene: Scene;
beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house);
});
afterAll(() => house.close());

/** What came over the wire, as it came. */
const raw = (path: string, headers: Record<string, string>) =>
  new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer; size: number }>((resolve, reject) => {
    request(house.origin + path, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => {
        const body = Buffer.concat(chunks);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body, size: body.length });
      });
    })
      .on("error", reject)
      .end();
  });

const get = (path: string, headers: Record<string, string> = {}) => fetch(house.origin + path, { headers });

test("the server says that it is up, and which version it is", async () => {
  expect(fine(await scene.owner.ask(health))).toEqual({ ok: true, version: pkg.version });
});

test("openapi.json tells of every door, its body, its reply and who may knock", async () => {
  const told = (await (await get("/openapi.json")).json()) as {
    openapi: string;
    paths: Record<
      string,
      Record<string, { summary: string; requestBody?: { content: object }; responses: object; security: object[] }>
    >;
  };
  expect(told.openapi).toMatch(/^3\.1/);
  for (const [name, { method, path, says, audience }] of Object.entries(doors)) {
    const operation = told.paths[path.replace(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
    expect(operation?.summary, name).toBe(says);
    expect(Boolean(operation?.requestBody), name).toBe(method === "POST");
    expect(operation?.responses, name).toHaveProperty("default");
    expect(operation!.security.length > 0, name).toBe(!audience.includes("anyone") && !audience.includes("page"));
  }
  const body = told.paths["/v1/conversions"]!.post!.requestBody!.content as { "application/json": { schema: object } };
  expect(body["application/json"].schema).toMatchObject({
    required: ["result", "id"],
    additionalProperties: false,
    properties: { valueMinor: { type: "integer", minimum: 0 } },
  });
});

test("what other sites load may be loaded by any of them; what is ours may be framed and loaded by nobody else", async () => {
  for (const path of ["/tag.js", "/poll.js"]) {
    const { status, headers } = await get(path);
    expect([path, status, headers.get("access-control-allow-origin")]).toEqual([path, 200, "*"]);
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect([headers.get("x-frame-options"), headers.get("access-control-allow-credentials")]).toEqual([null, null]);
  }
  for (const path of ["/", "/campaigns", "/v1/health", "/openapi.json"]) {
    const { headers } = await get(path);
    expect([path, headers.get("x-frame-options"), headers.get("access-control-allow-origin")]).toEqual([
      path,
      "DENY",
      null,
    ]);
    expect(headers.get("content-security-policy")).toContain("require-trusted-types-for 'script'");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  }
});

test("what is loaded is packed the way the asker takes it, and whoever holds it already gets nothing", async () => {
  for (const path of ["/tag.js", "/poll.js", "/app.js", "/app.css", "/", "/openapi.json"]) {
    const plain = Buffer.from(await (await get(path, { "accept-encoding": "identity" })).arrayBuffer());
    for (const [takes, coding] of [
      ["gzip, deflate, br", "br"],
      ["BR", "br"],
      ["gzip;q=1, br;q=0", "gzip"],
      ["deflate", null],
      ["br;q=0.0, *", null],
    ] as const) {
      const { headers, body, size } = await raw(path, { "accept-encoding": takes });
      expect([path, takes, headers["content-encoding"] ?? null]).toEqual([path, takes, coding]);
      expect(headers.vary).toBe("accept-encoding");
      const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
      expect((coding ? unpack[coding](body) : body).equals(plain), path).toBe(true);
      expect(size, path).toBeLessThanOrEqual(plain.length);
    }
    const { headers } = await raw(path, {});
    const etag = String(headers.etag);
    for (const known of [etag, `"other", ${etag}`, "*"]) {
      const again = await raw(path, { "if-none-match": known });
      expect([path, again.status, again.size, again.headers.etag]).toEqual([path, 304, 0, etag]);
      expect(again.headers["cache-control"]).toBe(headers["cache-control"]);
    }
    expect((await raw(path, { "if-none-match": '"other"' })).status).toBe(200);
  }
});

test("whoever asks for a file that is not there is told so, and the app's own pages are all one page", async () => {
  for (const path of ["/favicon.ico", "/robots.txt", "/old.js", "/tag.js/", "/.well-known/nothing", "/v1", "/a/b.php"])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  for (const path of ["/", "/campaigns", `/campaigns/${scene.campaign}`, "/enter", "/pair?code=ABCD2345"])
    expect([path, (await get(path)).status]).toEqual([path, 200]);
});

test("the cookie that is printed is the one that is set", async () => {
  const { components } = openapi(house.origin);
  expect(house.owner.headers.cookie).toContain(`${components.securitySchemes.session.name}=`);
  expect(openapi("https://makegood.example").components.securitySchemes.session.name).toBe(
    "__Secure-makegood.session_token",
  );
});

test("an extension is let in from its own origin, a page of another site is not", async () => {
  const from = async (origin: string) =>
    (await get("/v1/health", { origin })).headers.get("access-control-allow-origin");
  expect(await from("chrome-extension://plpljoncedlinbehmdhbnajoalffgddh")).toBe(
    "chrome-extension://plpljoncedlinbehmdhbnajoalffgddh",
  );
  expect(await from("https://elsewhere.example")).toBeNull();
});

test("a promo code credits its contract without any click, and both sides can read it there", async () => {
  const params = { contract: scene.contract };
  fine(await scene.owner.ask(brandDoors.createCode, { params, body: { code: "ana10" } }));
  const sale = { result: "sale", id: "by-code", valueMinor: 10_000, currency: "USD", code: " Ana10 " };
  expect(fine(await scene.server.ask(convert, { body: sale })).credited).toMatchObject([{ shareMicro: 1_000_000 }]);
  for (const side of [scene.owner, scene.ana])
    expect(fine(await side.ask(influencerDoors.contract, { params })).codes).toEqual(["ANA10"]);
  const { statement } = fine(await scene.ana.ask(influencerDoors.statementOf, { params }));
  expect(statement.totalMinor).toBe(725);
});

test("a contract is completed after its last day, and its links still lead on while nobody is credited", async () => {
  const params = { contract: scene.contract };
  expect(await scene.owner.ask(brandDoors.completeContract, { params, body: {} })).toMatchObject({
    ok: false,
    refusal: { code: "contract-not-over" },
  });
  house.clock.at += 60 * DAY;
  await mature(house.running.world.store, house.running.world.record, house.clock.at);
  expect(fine(await scene.owner.ask(brandDoors.completeContract, { params, body: {} })).status).toBe("completed");
  const followed = await fetch(scene.link.url, { redirect: "manual" });
  expect(followed.status).toBe(302);
  const click = new URL(followed.headers.get("location")!).searchParams.get("mg")!;
  const late = { result: "sale", id: "too-late", valueMinor: 10_000, currency: "USD", click };
  expect(fine(await scene.server.ask(convert, { body: late }))).toMatchObject({ stage: "house", credited: [] });
});
