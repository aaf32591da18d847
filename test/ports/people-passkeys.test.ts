import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Person } from "../../server/people/who.ts";
import { fine } from "../house.ts";
import { type Device, type Manner, newDevice } from "./passkey-device.ts";
import {
  ADA,
  bringIn,
  cookieOf,
  HOME,
  type House,
  openHouse,
  pair,
  SUNNY,
  signInOwner,
  withBearer,
  withCookie,
} from "./people-house.ts";

const HERE = "http://localhost:8787";
const SITE = "https://makegood.example";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SIGN = `sign:con_1:${"0f".repeat(32)}`;

let house: House;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 22, 9) });
  house = await openHouse({ baseURL: HERE, trustedOrigins: [HOME] });
});
afterEach(() => {
  house.close();
  vi.useRealTimers();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const personOf = async (cookie: string): Promise<Person> => {
  const who = await house.people.whoIs(withCookie(cookie));
  if (who?.kind !== "person") throw new Error("Nobody is signed in.");
  return who;
};

const signIn = async (userId: string): Promise<Person> => {
  const ticket = await house.people.oneTimeLink({ userId, path: "/" });
  return personOf(cookieOf(fine(await house.people.openLink(ticket!.token)).setCookie));
};
const owner = () => signIn(house.owner);

/** Somebody else, with an account of their own in the same house. */
const stranger = async (): Promise<Person> => {
  const { userId } = await house.people.openBrand({
    id: "brd_rainy000000000000000",
    name: "Rainy",
    owner: { email: "rob@rainy.example", name: "Rob" },
  });
  return signIn(userId);
};

const prove = async (who: Person, purpose: string, device?: Device, manner?: Manner) => {
  const needed = await house.people.startProof(who, purpose);
  if (!needed.ok) return needed;
  const answer = device && needed.value.method === "passkey" ? device.answer(needed.value.options, manner) : undefined;
  return house.people.finishProof(who, purpose, answer);
};

const addedTo = async (who: Person, name = "Laptop", with_?: Device): Promise<{ device: Device; id: string }> => {
  const device = newDevice(HERE);
  const { proof } = fine(await prove(who, "add-passkey", with_));
  const options = fine(await house.people.startPasskey(who.userId, proof));
  const { id } = fine(await house.people.addPasskey(who.userId, name, device.make(options)));
  return { device, id };
};

const codeOf = (result: { ok: true } | { ok: false; refusal: { code: string; because: string } }): string => {
  if (result.ok) return "fine";
  expect(result.refusal.because).toMatch(/^[A-Z].{20,}\.$/);
  return result.refusal.code;
};

describe("A person's passkeys", () => {
  test("are added, named, listed and removed by the person alone", async () => {
    const olga = await owner();
    const { device, id } = await addedTo(olga);
    expect(await house.people.passkeys(olga.userId)).toEqual([
      { id, name: "Laptop", host: "localhost", usable: true, createdAt: Date.now(), lastUsedAt: undefined },
    ]);
    expect(fine(await house.people.renamePasskey(olga.userId, id, "Work laptop")).name).toBe("Work laptop");
    later(MINUTE);
    const { proof } = fine(await prove(olga, `remove-passkey:${id}`, device));
    expect(await house.people.passkeys(olga.userId)).toMatchObject([{ name: "Work laptop", lastUsedAt: Date.now() }]);
    expect(codeOf(await house.people.removePasskey(olga.userId, id, proof))).toBe("fine");
    expect(await house.people.passkeys(olga.userId)).toEqual([]);
  });

  test("are nobody else's to see, rename or remove, whatever proof they show", async () => {
    const { id } = await addedTo(await owner());
    const rob = await stranger();
    expect(await house.people.passkeys(rob.userId)).toEqual([]);
    expect(codeOf(await house.people.renamePasskey(rob.userId, id, "Mine"))).toBe("not-found");
    const { proof } = fine(await prove(rob, `remove-passkey:${id}`));
    expect(codeOf(await house.people.removePasskey(rob.userId, id, proof))).toBe("not-found");
    expect(await house.people.passkeys(house.owner)).toMatchObject([{ name: "Laptop" }]);
  });

  test("are neither added nor removed without a proof for just that", async () => {
    const olga = await owner();
    expect(codeOf(await house.people.startPasskey(olga.userId, "made up"))).toBe("proof-needed");
    const other = fine(await prove(olga, "payout-details"));
    expect(codeOf(await house.people.startPasskey(olga.userId, other.proof))).toBe("proof-needed");
    const { device, id } = await addedTo(olga);
    const adding = fine(await prove(olga, "add-passkey", device));
    expect(codeOf(await house.people.removePasskey(olga.userId, id, adding.proof))).toBe("proof-needed");
    expect(await house.people.passkeys(olga.userId)).toHaveLength(1);
  });

  test("take a proof by passkey to add a second", async () => {
    const olga = await owner();
    const { device } = await addedTo(olga);
    expect(codeOf(await prove(olga, "add-passkey"))).toBe("passkey-needed");
    const second = await addedTo(olga, "Phone", device);
    expect(fine(await prove(olga, SIGN, second.device)).method).toBe("passkey");
    expect((await house.people.passkeys(olga.userId)).map(({ name }) => name)).toEqual(["Laptop", "Phone"]);
  });

  test("are told to the authenticator by name and address, never by a placeholder", async () => {
    const ada = await personOf(await bringIn(house, SUNNY, ADA, "Ada Lovelace"));
    const { proof } = fine(await prove(ada, "add-passkey"));
    const told = fine(await house.people.startPasskey(ada.userId, proof));
    expect(told).toMatchObject({
      rp: { id: "localhost", name: "Makegood" },
      user: { name: "Ada Lovelace", displayName: "Ada Lovelace" },
      authenticatorSelection: { userVerification: "required", residentKey: "required" },
    });
    const olga = await owner();
    const hers = fine(await prove(olga, "add-passkey"));
    expect(fine(await house.people.startPasskey(olga.userId, hers.proof)).user.name).toBe("olga@sunny.example");
  });

  test("are not kept from another page, another host, an unverified holder, a stale or a second answer", async () => {
    const olga = await owner();
    const { proof } = fine(await prove(olga, "add-passkey"));
    const bad: readonly Manner[] = [
      { origin: "https://evil.example" },
      { origin: "http://localhost:8788" },
      { rpId: "evil.example" },
      { verifies: false },
    ];
    for (const manner of bad) {
      const options = fine(await house.people.startPasskey(olga.userId, proof));
      const made = newDevice(HERE).make(options, manner);
      expect(codeOf(await house.people.addPasskey(olga.userId, "Bad", made)), JSON.stringify(manner)).toBe(
        "passkey-not-good",
      );
    }
    const options = fine(await house.people.startPasskey(olga.userId, proof));
    const made = newDevice(HERE).make(options);
    const rob = await stranger();
    expect(codeOf(await house.people.addPasskey(rob.userId, "Not his", made))).toBe("passkey-not-good");
    expect(codeOf(await house.people.addPasskey(olga.userId, "Laptop", made))).toBe("fine");
    const again = newDevice(HERE).make(options);
    expect(codeOf(await house.people.addPasskey(olga.userId, "Again", again))).toBe("passkey-not-good");
    later(4 * MINUTE);
    const stale = newDevice(HERE).make(fine(await house.people.startPasskey(olga.userId, proof)));
    later(5 * MINUTE);
    expect(codeOf(await house.people.addPasskey(olga.userId, "Stale", stale))).toBe("passkey-not-good");
    expect(await house.people.passkeys(olga.userId)).toMatchObject([{ name: "Laptop" }]);
  });

  test("cannot be taken over: one that somebody has is nobody else's", async () => {
    const { device } = await addedTo(await owner());
    const rob = await stranger();
    const { proof } = fine(await prove(rob, "add-passkey"));
    const made = device.make(fine(await house.people.startPasskey(rob.userId, proof)));
    expect(codeOf(await house.people.addPasskey(rob.userId, "Taken", made))).toBe("passkey-not-good");
  });

  test("are twenty at most", async () => {
    const olga = await owner();
    const { device } = await addedTo(olga);
    const { proof } = fine(await prove(olga, "add-passkey", device));
    for (let n = 2; n <= 20; n++) {
      const options = fine(await house.people.startPasskey(olga.userId, proof));
      fine(await house.people.addPasskey(olga.userId, `Key ${n}`, newDevice(HERE).make(options)));
    }
    expect(codeOf(await house.people.startPasskey(olga.userId, proof))).toBe("too-many-passkeys");
  });

  test("are gone when the person is erased, or when the operator forgets the passkeys of somebody who lost them", async () => {
    const rob = await stranger();
    await addedTo(rob);
    expect(await house.people.forgetPasskeys({ email: "nobody@rainy.example" })).toBe(0);
    expect(await house.people.forgetPasskeys({ email: "rob@rainy.example" })).toBe(1);
    expect(await house.people.forgetPasskeys({ userId: rob.userId })).toBe(0);
    expect(fine(await prove(rob, SIGN)).method).toBe("session");
    await addedTo(rob);
    await house.people.erase(rob.userId);
    expect(house.database().prepare("SELECT count(*) AS n FROM people_passkey").get()).toEqual({ n: 0 });
  });
});

describe("Signing in with a passkey", () => {
  test("lets its owner in, as with a one-time link", async () => {
    const { device } = await addedTo(await owner());
    const answer = device.answer(fine(house.people.startEntry()));
    const { setCookie } = fine(await house.people.enterByPasskey(answer));
    expect(setCookie).toMatch(/HttpOnly/i);
    expect(await personOf(cookieOf(setCookie))).toMatchObject({ userId: house.owner, via: "cookie" });
    expect(codeOf(await house.people.enterByPasskey(answer))).toBe("passkey-not-good");
  });

  test("lets nobody in by a passkey that is unknown, unverified, removed, cloned, late or from another page", async () => {
    const olga = await owner();
    const { device, id } = await addedTo(olga);
    const enter = async (manner: Manner, by = device) =>
      codeOf(await house.people.enterByPasskey(by.answer(fine(house.people.startEntry()), manner)));
    expect(await enter({}, newDevice(HERE))).toBe("passkey-not-good");
    expect(await enter({ verifies: false })).toBe("passkey-not-good");
    expect(await enter({ origin: "https://evil.example" })).toBe("passkey-not-good");
    expect(await enter({ rpId: "evil.example" })).toBe("passkey-not-good");
    expect(await enter({ userHandle: Buffer.from("somebody else").toString("base64url") })).toBe("passkey-not-good");
    expect(await enter({ counter: 9 })).toBe("fine");
    expect(await enter({ counter: 9 })).toBe("passkey-not-good");
    const late = device.answer(fine(house.people.startEntry()), { counter: 20 });
    later(5 * MINUTE + 1);
    expect(codeOf(await house.people.enterByPasskey(late))).toBe("passkey-not-good");
    const { proof } = fine(await prove(olga, `remove-passkey:${id}`, device));
    fine(await house.people.removePasskey(olga.userId, id, proof));
    expect(await enter({})).toBe("passkey-not-good");
  });

  test("lets in once when the same answer comes twice at the same moment", async () => {
    const { device } = await addedTo(await owner());
    const answer = device.answer(fine(house.people.startEntry()));
    const tries = await Promise.all(Array.from({ length: 6 }, () => house.people.enterByPasskey(answer)));
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("takes no answer that was given to prove something, nor the other way round", async () => {
    const olga = await owner();
    const { device } = await addedTo(olga);
    const needed = fine(await house.people.startProof(olga, SIGN));
    if (needed.method !== "passkey") throw new Error("A passkey should be asked for.");
    const given = device.answer(needed.options);
    expect(codeOf(await house.people.enterByPasskey(given))).toBe("passkey-not-good");
    const entry = device.answer(fine(house.people.startEntry()));
    expect(codeOf(await house.people.finishProof(olga, SIGN, entry))).toBe("passkey-not-good");
  });

  test("keeps nothing of those who only ask", async () => {
    const rows = () => house.database().prepare("SELECT count(*) AS n FROM people_verification").get();
    const before = rows();
    for (let n = 0; n < 50; n++) fine(house.people.startEntry());
    expect(rows()).toEqual(before);
  });
});

describe("A proof that it is you", () => {
  test("is given on the session alone to whoever has no passkey and signed in within twelve hours", async () => {
    const olga = await owner();
    expect(fine(await house.people.startProof(olga, SIGN))).toEqual({ method: "session" });
    later(12 * HOUR - 1);
    const given = fine(await prove(olga, SIGN));
    expect(given).toEqual({ proof: expect.any(String), method: "session", expiresAt: Date.now() + 5 * MINUTE });
    expect(fine(await house.people.useProof(olga.userId, given.proof, SIGN))).toEqual({ method: "session" });
  });

  test("is refused on an older session, with what to do", async () => {
    const olga = await owner();
    const started = fine(await house.people.startProof(olga, SIGN));
    expect(started.method).toBe("session");
    later(12 * HOUR);
    expect(codeOf(await house.people.startProof(olga, SIGN))).toBe("sign-in-again");
    const refused = await house.people.finishProof(olga, SIGN, undefined);
    expect(refused).toMatchObject({ refusal: { because: expect.stringContaining("one-time link") } });
    expect(fine(await prove(await owner(), SIGN)).method).toBe("session");
  });

  test("takes a passkey from whoever has one, however fresh the session", async () => {
    const olga = await owner();
    const { device } = await addedTo(olga);
    expect(codeOf(await house.people.finishProof(olga, SIGN, undefined))).toBe("passkey-needed");
    const given = fine(await prove(olga, SIGN, device));
    expect(given).toMatchObject({ method: "passkey", expiresAt: Date.now() + 5 * MINUTE });
    expect(fine(await house.people.useProof(olga.userId, given.proof, SIGN))).toEqual({ method: "passkey" });
    later(13 * HOUR);
    expect(fine(await prove(olga, SIGN, device)).method).toBe("passkey");
  });

  test("is not given on a passkey that is somebody else's, did not check its holder, or was asked for another purpose", async () => {
    const [olga, rob] = [await owner(), await stranger()];
    const [mine, his] = [await addedTo(olga), await addedTo(rob)];
    expect(codeOf(await prove(olga, SIGN, his.device))).toBe("passkey-not-good");
    expect(codeOf(await prove(olga, SIGN, mine.device, { verifies: false }))).toBe("passkey-not-good");
    expect(codeOf(await prove(olga, SIGN, mine.device, { origin: SITE }))).toBe("passkey-not-good");
    const needed = fine(await house.people.startProof(olga, SIGN));
    if (needed.method !== "passkey") throw new Error("A passkey should be asked for.");
    const answer = mine.device.answer(needed.options);
    expect(codeOf(await house.people.finishProof(olga, "payout-details", answer))).toBe("passkey-not-good");
    expect(codeOf(await house.people.finishProof(rob, SIGN, answer))).toBe("passkey-not-good");
    expect(codeOf(await house.people.finishProof(olga, SIGN, answer))).toBe("fine");
    expect(codeOf(await house.people.finishProof(olga, SIGN, answer))).toBe("passkey-not-good");
  });

  test("is good for its purpose and its person, for five minutes, and for a request that is sent again", async () => {
    const [olga, rob] = [await owner(), await stranger()];
    const { proof } = fine(await prove(olga, SIGN));
    const use = async (who: Person, shown: string, purpose: string) =>
      codeOf(await house.people.useProof(who.userId, shown, purpose));
    expect(await use(olga, proof, "payout-details")).toBe("proof-needed");
    expect(await use(olga, proof, SIGN.replace("0f", "00"))).toBe("proof-needed");
    expect(await use(rob, proof, SIGN)).toBe("proof-needed");
    expect(await use(olga, "", SIGN)).toBe("proof-needed");
    expect(await use(olga, `${proof}x`, SIGN)).toBe("proof-needed");
    later(5 * MINUTE - 1);
    expect(await use(olga, proof, SIGN)).toBe("fine");
    expect(await use(olga, proof, SIGN)).toBe("fine");
    later(1);
    expect(await use(olga, proof, SIGN)).toBe("proof-expired");
    expect(await use(rob, proof, SIGN)).toBe("proof-needed");
    later(10 * MINUTE);
    expect(await use(olga, proof, SIGN)).toBe("proof-expired");
  });

  test("is never given to an extension, nor to a session that has ended", async () => {
    const cookie = await signInOwner(house);
    const token = await pair(house, cookie);
    const extension = await house.people.whoIs(withBearer(token));
    if (extension?.kind !== "person") throw new Error("The extension should be known.");
    expect(codeOf(await house.people.startProof(extension, SIGN))).toBe("not-allowed");
    expect(codeOf(await house.people.finishProof(extension, SIGN, undefined))).toBe("not-allowed");
    const olga = await personOf(cookie);
    await house.people.revokeSession(olga.userId, olga.session);
    expect(codeOf(await prove(olga, SIGN))).toBe("not-allowed");
  });

  test("is kept as a digest, and says nothing of the passkey's answer", async () => {
    const olga = await owner();
    const { device } = await addedTo(olga);
    const { proof } = fine(await prove(olga, SIGN, device));
    const kept = JSON.stringify(house.database().prepare("SELECT * FROM people_verification").all());
    expect(kept).not.toContain(proof);
    expect(kept).not.toContain(device.id);
  });
});

describe("Where passkeys cannot work", () => {
  test.each([
    ["http://127.0.0.1:8787", "passkeys-need-a-name"],
    ["http://[::1]:8787", "passkeys-need-a-name"],
    ["https://203.0.113.7", "passkeys-need-a-name"],
    ["http://makegood.example", "passkeys-need-https"],
  ])("at %s the person is told why, and proves it by the session", async (baseURL, code) => {
    const there = await openHouse({ baseURL });
    expect(there.people.passkeysUnavailable()?.code).toBe(code);
    expect(codeOf(there.people.startEntry())).toBe(code);
    house.close();
    house = there;
    const olga = await owner();
    const { proof } = fine(await prove(olga, "add-passkey"));
    expect(codeOf(await there.people.startPasskey(olga.userId, proof))).toBe(code);
    expect(fine(await prove(olga, SIGN)).method).toBe("session");
  });

  test.each(["https://makegood.example", "http://localhost:8787", "http://shop.localhost"])(
    "and at %s they can",
    async (baseURL) => {
      const there = await openHouse({ baseURL });
      expect(there.people.passkeysUnavailable()).toBeUndefined();
      expect(fine(there.people.startEntry()).rpId).toBe(new URL(baseURL).hostname);
      there.close();
    },
  );

  test("a server that moved to another name asks for no passkey made under the old one", async () => {
    const olga = await owner();
    await addedTo(olga);
    const moved = await openHouse({ baseURL: SITE });
    const rows = house.database().prepare("SELECT * FROM people_passkey").all() as Record<string, string>[];
    for (const row of rows)
      moved
        .database()
        .prepare(
          `INSERT INTO people_passkey (${Object.keys(row).join(", ")}) VALUES (${Object.keys(row).map(() => "?")})`,
        )
        .run(...Object.values({ ...row, userId: moved.owner }));
    house.close();
    house = moved;
    expect(await moved.people.passkeys(moved.owner)).toMatchObject([{ host: "localhost", usable: false }]);
    expect(fine(await prove(await owner(), SIGN)).method).toBe("session");
  });
});
