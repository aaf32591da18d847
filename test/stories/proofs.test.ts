import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as passkeys from "../../shared/wire/passkeys.ts";
import * as people from "../../shared/wire/people.ts";
import { type Caller, caller, fine, type House, openHouse } from "../house.ts";
import { anotherBrand } from "./scene.ts";

const purpose = "payout-details";

let house: House;
let rita: Caller;
let extension: Caller;

const paired = async (): Promise<Caller> => {
  const stranger = caller(house.origin, { origin: "chrome-extension://abcdefghijklmnopabcdefghijklmnop" });
  const { deviceCode, userCode } = fine(await stranger.ask(people.startPairing, { body: {} }));
  fine(await house.owner.ask(people.answerPairing, { body: { userCode, allow: true } }));
  const answer = fine(await stranger.ask(people.askPairing, { body: { deviceCode } }));
  if (answer.state !== "paired") throw new Error(`The pairing is ${answer.state}.`);
  return caller(house.origin, { authorization: `Bearer ${answer.token}` });
};

beforeAll(async () => {
  house = await openHouse();
  rita = (await anotherBrand(house)).owner;
  extension = await paired();
});
afterAll(() => house.close());

describe("A proof, at the doors of the web app", () => {
  test("is given to a person and is good for that person and purpose", async () => {
    expect(fine(await house.owner.ask(passkeys.startProof, { body: { purpose } }))).toEqual({ method: "session" });
    const { proof, method } = fine(await house.owner.ask(passkeys.finishProof, { body: { purpose } }));
    expect(method).toBe("session");
    const whoIs = async ({ headers }: Caller) => {
      const who = await house.running.world.people.whoIs(new Headers(headers));
      return who?.kind === "person" ? who.userId : "";
    };
    const use = async (by: Caller) => house.running.world.people.useProof(await whoIs(by), proof, purpose);
    expect(await use(house.owner)).toEqual({ ok: true, value: { method: "session" } });
    expect(await use(rita)).toMatchObject({ ok: false, refusal: { code: "proof-needed" } });
  });

  test("is never given to an extension or a server, nor are passkeys shown to them", async () => {
    for (const one of [extension, house.server]) {
      const answers = [
        await one.ask(passkeys.passkeys),
        await one.ask(passkeys.startProof, { body: { purpose } }),
        await one.ask(passkeys.finishProof, { body: { purpose } }),
        await one.ask(passkeys.startPasskey, { body: { proof: "never-given" } }),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ ok: false, refusal: { code: "not-allowed" } });
    }
  });

  test("is for a purpose that says what it is", async () => {
    for (const odd of ["", "Sign", "sign:", "sign: it", "a".repeat(301)])
      expect(await house.owner.ask(passkeys.startProof, { body: { purpose: odd } })).toMatchObject({
        refusal: { code: "bad-request" },
      });
  });

  test("is what adding a passkey takes, and where none can work the sentence says what they need", async () => {
    expect(await house.owner.ask(passkeys.startPasskey, { body: { proof: "never-given" } })).toMatchObject({
      refusal: { code: "proof-needed" },
    });
    const { passkeys: own, unavailable } = fine(await house.owner.ask(passkeys.passkeys));
    expect(own).toEqual([]);
    expect(unavailable).toContain("http://localhost:");
    expect(await house.owner.ask(passkeys.startEntry, { body: {} })).toMatchObject({
      refusal: { code: "passkeys-need-a-name" },
    });
  });
});
