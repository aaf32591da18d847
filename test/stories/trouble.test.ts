import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as brandDoors from "../../shared/wire/brand.ts";
import { doors } from "../../shared/wire/doors.ts";
import type { Endpoint } from "../../shared/wire/endpoint.ts";
import { convert } from "../../shared/wire/partner.ts";
import { fine, type House, openHouse } from "../house.ts";
import { addressOf, credentials, doorsOf, goodBodies, type Ids, membersOf, rolesOf, sliced } from "./knocks.ts";
import { anotherBrand, NOON, onDisk, problemOf, type Scene, setTheScene, terms } from "./scene.ts";

let house: House;
let scene: Scene;
let rival: Scene;
let ids: Ids;
let before: ReturnType<typeof onDisk>;

const idsOf = async ({ owner, server, campaign, contract, influencer }: Scene): Promise<Ids> => {
  const questions = [{ id: "why", kind: "text" as const, title: "Why?" }];
  const { poll } = fine(
    await owner.ask(brandDoors.openPoll, { params: { campaign }, body: { title: "Why?", questions } }),
  );
  const row = fine(await server.ask(convert, { body: { result: "lead", id: "first" } }));
  const { keys } = fine(await owner.ask(brandDoors.secretKeys));
  return { campaign, contract, conversion: row.id, poll: poll.id, key: keys[0]!.id, influencer };
};

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house);
  rival = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
  ids = await idsOf(scene);
});
afterAll(() => house.close());
beforeEach(() => {
  before = onDisk(house.folder, scene.brand.brand);
});

const nothingRecorded = async (): Promise<void> => {
  await house.running.world.record.idle();
  expect(onDisk(house.folder, scene.brand.brand)).toEqual(before);
};

const post = (door: Endpoint, headers: Record<string, string>, init: RequestInit, given: Partial<Ids> = ids) =>
  fetch(house.origin + addressOf(door, given), {
    method: "POST",
    ...init,
    headers: { "content-type": "application/json", ...headers },
  });

/** Every door that takes a body, with someone it is for. */
const open = doorsOf("POST").map(([name, door]) => [name, door, rolesOf(door)[0]!] as const);
const own = (role: (typeof open)[number][2]) => credentials(scene, role);
const bodyOf = (name: string): object => goodBodies[name]!(scene, ids);

test("every door that takes a body has a good one here to spoil", () => {
  expect(Object.keys(goodBodies).sort()).toEqual(open.map(([name]) => name).sort());
});

describe("a body that no door can read is refused, and nothing is recorded", () => {
  const deep = (count: number) => `${'{"a":'.repeat(count)}1${"}".repeat(count)}`;
  const unreadable: readonly (readonly [string, BodyInit])[] = [
    ["nothing at all", ""],
    ["half an object", '{"k":'],
    ["a trailing comma", '{"name":"x",}'],
    ["two values", "{} {}"],
    ["plain words", "hello"],
    ["5 000 levels of objects", deep(5000)],
    ["40 levels of lists", `{"name":${"[".repeat(40)}${"]".repeat(40)}}`],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ["an over-long UTF-8 letter", new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ["a number beyond all numbers", '{"terms":{"x":1e999}}'],
    ["half a letter", '{"terms":"\\udc00x"}'],
    ["a letter that ends texts elsewhere", '{"terms":"a\\u0000b"}'],
    ["half a letter in a key", '{"terms":{"\\ud800":1}}'],
    ["a prototype", '{"__proto__":{"role":"owner"}}'],
    ["a prototype further in", '{"terms":{"a":[{"__proto__":1}]}}'],
    ["a list instead of an object", "[]"],
  ];
  test.each(unreadable)("%s", async (_, body) => {
    for (const [name, door, role] of open) {
      const response = await post(door, own(role), { body });
      expect(response.status, name).toBe(400);
      expect((await problemOf(response)).code, name).toMatch(/^(not-json|bad-request)$/);
    }
    await nothingRecorded();
  });

  test.each([
    ["said to be 100 kB", (text: string): RequestInit => ({ body: text })],
    ["100 kB that come in slices without a length", sliced],
  ])("a body %s", async (_, init) => {
    for (const [name, door, role] of open) {
      const big = JSON.stringify({ ...bodyOf(name), surplus: "x".repeat(100_000) });
      const response = await post(door, own(role), init(big));
      expect(response.status, name).toBe(413);
      expect((await problemOf(response)).code).toBe("too-large");
    }
    await nothingRecorded();
  });
});

describe("a body of the wrong shape is refused, and nothing is recorded", () => {
  test.each(["null", "7", "true", '"text"'])("%s instead of an object", async (body) => {
    for (const [name, door, role] of open) {
      const response = await post(door, own(role), { body });
      expect(response.status, name).toBe(400);
      expect((await problemOf(response)).code).toBe("bad-request");
    }
    await nothingRecorded();
  });

  test("each member of each body, of the wrong type, is named", async () => {
    for (const [name, door, role] of open)
      for (const [member, schema] of Object.entries(membersOf(door.body)).filter(([, it]) => it.type !== "unknown"))
        for (const wrong of [{ odd: [true] }, [["odd"]], null, -0.5]) {
          const response = await post(door, own(role), { body: JSON.stringify({ ...bodyOf(name), [member]: wrong }) });
          const told = `${name} ${member} (${schema.type}) ${JSON.stringify(wrong)}`;
          expect(response.status, told).toBe(400);
          const { errors } = (await problemOf(response)) as unknown as { errors: { pointer: string }[] };
          expect(
            errors.map(({ pointer }) => pointer.split("/")[1]),
            told,
          ).toContain(member);
        }
    expect((await house.running.world.store.head(scene.brand.brand)).seq).toBe(before.fact!.length);
  });

  test("a key no door knows is named, also when every object answers to it", async () => {
    for (const [name, door, role] of open)
      for (const key of ["surplus", "constructor", "toString", "a/b~c"]) {
        const response = await post(door, own(role), { body: JSON.stringify({ ...bodyOf(name), [key]: 1 }) });
        expect(response.status, `${name} ${key}`).toBe(400);
        const pointer = `/${key.replace("~", "~0").replace("/", "~1")}`;
        expect(await problemOf(response)).toMatchObject({ errors: [{ pointer }] });
      }
    await nothingRecorded();
  });

  test("a query no door knows is refused where a door takes one", async () => {
    for (const [name, door] of doorsOf("GET").filter(([, { query }]) => query.type !== "undefined")) {
      const address = house.origin + addressOf(door, ids);
      const response = await fetch(`${address}?surplus=1`, { headers: own(rolesOf(door)[0]!) });
      expect(response.status, name).toBe(400);
      await problemOf(response);
    }
  });
});

describe("whom a door is not for is told so, and nothing is recorded", () => {
  const every = [...doorsOf("GET"), ...doorsOf("POST")];
  const closed = every.filter(([, door]) => rolesOf(door)[0] !== "nobody");
  const knock = (name: string, door: Endpoint, headers: Record<string, string>, given: Partial<Ids> = ids) =>
    door.method === "GET"
      ? fetch(house.origin + addressOf(door, given), { headers })
      : post(door, headers, { body: JSON.stringify(bodyOf(name)) }, given);

  test.each([
    ["no credentials", {}],
    ["a cookie nobody was given", { cookie: "makegood.session_token=forged.c2lnbmF0dXJl" }],
    ["a secret key nobody was given", { authorization: `Bearer sk_${"a".repeat(48)}` }],
    ["a token nobody was given", { authorization: "Bearer forged.c2lnbmF0dXJl" }],
    ["a token without end", { authorization: `Bearer ${"a".repeat(5000)}` }],
    ["another scheme", { authorization: "Basic b2xpdmU6c2VjcmV0" }],
  ])("%s: 401", async (_, headers) => {
    for (const [name, door] of closed) {
      const response = await knock(name, door, { origin: house.origin, ...headers });
      expect(response.status, name).toBe(401);
      expect((await problemOf(response)).code).toBe("not-signed-in");
    }
    await nothingRecorded();
  });

  test("the wrong role: 403", async () => {
    for (const [name, door] of closed)
      for (const role of (["brand", "influencer", "server"] as const).filter((it) => !rolesOf(door).includes(it))) {
        const response = await knock(name, door, credentials(scene, role));
        expect(response.status, `${name} as ${role}`).toBe(403);
        expect((await problemOf(response)).code).toBe("not-allowed");
      }
    await nothingRecorded();
  });

  test("another brand's ids: 404, in the words for what does not exist", async () => {
    const named = closed.filter(([, door]) => door.path.includes(":"));
    expect(named.length).toBeGreaterThan(12);
    const never = Object.fromEntries(Object.entries(ids).map(([kind, id]) => [kind, id.replace(/.{8}$/, "00000000")]));
    for (const [name, door] of named)
      for (const role of rolesOf(door)) {
        const headers = credentials(rival, role);
        const [theirs, nobodys] = [await knock(name, door, headers), await knock(name, door, headers, never)];
        const words = [await problemOf(theirs), await problemOf(nobodys)].map((it) => JSON.stringify(it));
        expect([theirs.status, nobodys.status], `${name} as ${role}`).toEqual([404, 404]);
        const blank = (text: string, all: object) =>
          Object.values(all).reduce<string>((left, id) => left.replaceAll(String(id), "ID"), text);
        expect(blank(words[0]!, ids)).toBe(blank(words[1]!, never));
        const names = (headers: Headers) => [...headers.keys()].sort();
        expect(names(theirs.headers)).toEqual(names(nobodys.headers));
      }
    await nothingRecorded();
  });

  test("another brand's ids in a body or a query: 404 as well", async () => {
    const { campaign, influencer } = rival;
    const { draftContract } = brandDoors;
    const bodies = [{ campaign }, { influencer }, { contract: ids.contract }, { contract: "con_00000000000000000000" }];
    for (const foreign of bodies) {
      const owner = foreign.contract === ids.contract ? rival : scene;
      const { campaign, influencer } = owner;
      const body = JSON.stringify({ ...goodBodies.draftContract!(scene, ids), campaign, influencer, ...foreign });
      const response = await post(draftContract, owner.owner.headers, { body });
      expect(response.status, JSON.stringify(foreign)).toBe(404);
      await problemOf(response);
    }
    for (const path of ["/v1/conversions", "/v1/live"]) {
      const response = await fetch(`${house.origin}${path}?campaign=${campaign}`, { headers: scene.owner.headers });
      expect(response.status, path).toBe(404);
      await problemOf(response);
    }
    await nothingRecorded();
  });

  test("a cookie that another site's page sends along: 403", async () => {
    const { cookie } = scene.owner.headers;
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: house.origin, "sec-fetch-site": "cross-site" },
      { origin: `${house.origin}.evil.example` },
      {},
    ];
    for (const [name, door] of doorsOf("POST").filter(([, { audience }]) => !audience.includes("page")))
      for (const headers of foreign) {
        if (door.audience.includes("server") && door.audience.length === 1) continue;
        const role = door.audience.includes("influencer") && !door.audience.includes("brand") ? "influencer" : "brand";
        const mine = role === "influencer" ? scene.ana.headers.cookie : cookie;
        const body = JSON.stringify(bodyOf(name));
        const response = await post(door, { cookie: mine!, ...headers }, { body });
        expect(response.status, `${name} ${JSON.stringify(headers)}`).toBe(403);
        expect((await problemOf(response)).code).toBe("other-origin");
      }
    await nothingRecorded();
  });

  test("a body without a type is refused at the doors of people and servers", async () => {
    for (const [name, door, role] of open.filter(([, { audience }]) => !audience.includes("page"))) {
      const body = new TextEncoder().encode(JSON.stringify(bodyOf(name)));
      const { "content-type": _, ...headers } = { "content-type": "", ...own(role) };
      const response = await fetch(house.origin + addressOf(door, ids), { method: "POST", headers, body });
      // A cookie speaks only for JSON, so there the type is already part of who is asking.
      expect(response.status, name).toBe("cookie" in headers ? 403 : 415);
      await problemOf(response);
    }
    await nothingRecorded();
  });
});

test("a method a door does not know is told which it knows, and an address there is nothing at is told as a problem", async () => {
  const known = new Map<string, Set<string>>();
  for (const { method, path } of Object.values(doors))
    known.set(path, new Set([...(known.get(path) ?? []), ...(method === "GET" ? ["GET", "HEAD"] : ["POST"])]));
  for (const [path, methods] of known) {
    const address = house.origin + path.replace(/:(\w+)/g, "none");
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((it) => !methods.has(it))) {
      const response = await fetch(address, { method, headers: scene.owner.headers });
      expect(response.status, `${method} ${path}`).toBe(405);
      expect(new Set(response.headers.get("allow")?.split(", ")), path).toEqual(methods);
      expect((await problemOf(response)).code).toBe("wrong-method");
    }
  }
  for (const path of [
    "/v1/nothing",
    "/v1/brand/",
    "/v1",
    "/v1//brand",
    "/api",
    "/api/auth/nothing",
    "/favicon.ico",
    "/.env",
  ])
    expect((await fetch(house.origin + path)).status, path).toBe(404);
  const code = await fetch(scene.link.url, { method: "POST" });
  expect([code.status, code.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  await nothingRecorded();
});

describe("how a request is dressed", () => {
  const send = (headers: Record<string, string>, body: BodyInit = JSON.stringify({ result: "lead", id: "dressed" })) =>
    fetch(house.origin + convert.path, { method: "POST", headers: { ...scene.server.headers, ...headers }, body });

  test.each(["application/jsonx", "application/json-patch+json", "text/json", "text/plain", "multipart/form-data"])(
    "a body said to be %s is not read as JSON",
    async (type) => {
      const response = await send({ "content-type": type });
      expect([response.status, (await problemOf(response)).code]).toEqual([415, "not-json-type"]);
      await nothingRecorded();
    },
  );

  test("a compressed body is refused as one, and not as letters that make no sense", async () => {
    const body = new Uint8Array(gzipSync(JSON.stringify({ result: "lead", id: "dressed" })));
    const response = await send({ "content-type": "application/json", "content-encoding": "gzip" }, body);
    expect([response.status, (await problemOf(response)).code]).toEqual([415, "packed-body"]);
    await nothingRecorded();
  });

  test("JSON is JSON however its type is spelled", async () => {
    const answer = await send({ "content-type": "Application/JSON; charset=UTF-8" });
    expect(answer.status).toBe(200);
  });

  test("a name in the address that a door does not know, or that comes twice, is named and never passed over", async () => {
    for (const [name, door] of [...doorsOf("GET"), ...doorsOf("POST")].filter(
      ([, it]) => !it.audience.includes("page"),
    )) {
      const address = house.origin + addressOf(door, ids);
      const body = door.method === "POST" ? { method: "POST", body: JSON.stringify(bodyOf(name)) } : {};
      const headers = { "content-type": "application/json", ...own(rolesOf(door)[0]!) };
      for (const query of ["limit=2", "a=1&a=2", "__proto__=1"]) {
        const response = await fetch(`${address}?${query}`, { ...body, headers });
        expect(response.status, `${name} ${query}`).toBe(400);
        const pointer = `/${query.split("=")[0]}`;
        const { errors } = (await problemOf(response)) as unknown as { errors: { pointer: string }[] };
        expect(
          errors.map((it) => it.pointer),
          `${name} ${query}`,
        ).toContain(pointer);
      }
    }
  });
});

test("who must sign in is told how, and who asks for a page of a list that there is none of is told that", async () => {
  const stranger = await fetch(`${house.origin}/v1/brand`);
  expect(stranger.headers.get("www-authenticate")).toBe('Bearer realm="makegood"');
  for (const query of ["after=zzz", "after=%00", "campaign="]) {
    const response = await fetch(`${house.origin}/v1/conversions?${query}`, { headers: scene.owner.headers });
    expect(response.status, query).toBe(400);
    expect(await problemOf(response)).toMatchObject({ errors: [{ pointer: `/${query.split("=")[0]}` }] });
  }
});

test("terms that do not hold are told place by place, and so is what a result says that cannot be", async () => {
  const draft = { ...goodBodies.draftContract!(scene, ids), terms: { ...terms, ends: "2026-10-01", pay: [] } };
  const refused = await post(brandDoors.draftContract, scene.owner.headers, { body: JSON.stringify(draft) });
  expect(refused.status).toBe(422);
  expect(await problemOf(refused)).toMatchObject({ code: "bad-terms", errors: [{ pointer: "/terms/pay" }] });
  const said: readonly (readonly [string, object])[] = [
    ["click", { click: "code.forged" }],
    ["currency", { valueMinor: 100 }],
    ["at", { at: house.clock.at + 3_600_000 }],
  ];
  for (const [member, more] of said) {
    const body = JSON.stringify({ result: "sale", id: "said", ...more });
    const response = await post(convert, scene.server.headers, { body });
    expect(await problemOf(response), member).toMatchObject({ errors: [{ pointer: `/${member}` }] });
  }
});

test("the sign-in routes read no more of a body than any door does", async () => {
  const flood = () => {
    let left = 2000;
    const body = new ReadableStream({
      pull: (controller) => {
        left -= 1;
        if (left > 0) controller.enqueue(new TextEncoder().encode(" ".repeat(65_536)));
        else controller.close();
      },
    });
    return { sent: () => (2000 - left) * 65_536, init: { body, duplex: "half" } as RequestInit };
  };
  for (const path of ["/api/auth/link/open", "/api/auth/device/code", "/api/auth/sign-out"]) {
    const { sent, init } = flood();
    const headers = { "content-type": "application/json", origin: house.origin };
    const response = await fetch(house.origin + path, { method: "POST", headers, ...init }).catch(() => undefined);
    if (response) expect([path, response.status, (await problemOf(response)).code]).toEqual([path, 413, "too-large"]);
    expect(sent(), path).toBeLessThan(20_000_000);
  }
});
