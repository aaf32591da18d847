import { afterAll, beforeAll, expect, it } from "vitest";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as people from "../../shared/wire/people.ts";
import { caller, fine, type House, openHouse } from "../house.ts";
import { NOON } from "./scene.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse(NOON);
});
afterAll(() => house.close());

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Come in through a door with a browser that calls itself so; what the list of sessions then calls it. */
const agentAfter = async (path: string, body: object, userAgent: string): Promise<string | undefined> => {
  const { origin } = house;
  const headers = { "content-type": "application/json", origin, "user-agent": userAgent };
  const response = await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.status, await response.clone().text()).toBe(200);
  const [cookie = ""] = (response.headers.getSetCookie()[0] ?? "").split(";");
  const { sessions } = fine(await caller(origin, { cookie, origin }).ask(people.sessions));
  return sessions.find(({ own }) => own)?.userAgent;
};
const tokenOf = (url: string): string => new URL(url).hash.slice("#token=".length);

it("a browser is known by what it calls itself, whether it came in by a link or an invitation", async () => {
  const link = await house.running.world.people.oneTimeLink({ email: "olive@acme.example", path: "/campaigns" });
  expect(await agentAfter("/v1/enter", { token: link?.token }, FIREFOX)).toBe(FIREFOX);
  const { invitationUrl } = fine(await house.owner.ask(brandDoors.invite, { body: { name: "Ana" } }));
  const joining = { token: tokenOf(invitationUrl), name: "Ana" };
  expect(await agentAfter("/v1/join", joining, FIREFOX)).toBe(FIREFOX);
});

it("one that calls itself by a name without end comes in all the same, and only its beginning is kept", async () => {
  const link = await house.running.world.people.oneTimeLink({ email: "olive@acme.example", path: "/campaigns" });
  const kept = await agentAfter("/v1/enter", { token: link?.token }, "x".repeat(4_000));
  expect(kept).toBe("x".repeat(300));
});
