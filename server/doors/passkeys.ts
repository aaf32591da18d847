import type { Hono } from "hono";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/passkeys.ts";
import type { Person, Who } from "../people/who.ts";
import type { World } from "../world.ts";
import { open } from "./door.ts";

/** Passkeys and proofs are for a person at a browser: a token that was copied must not vouch for anybody. */
const personIn = ({ who }: { readonly who: Who | undefined }): Result<Person> =>
  who?.kind === "person" && who.via === "cookie"
    ? ok(who)
    : refuse("not-allowed", "Do this in the web app, signed in there: an extension or a server cannot.");

const openOwn = (app: Hono, world: World): void => {
  open(app, world, wire.passkeys, async (visit) => {
    const person = personIn(visit);
    if (!person.ok) return person;
    const unavailable = world.people.passkeysUnavailable()?.because;
    const own = await world.people.passkeys(person.value.userId);
    return ok({ passkeys: [...own], ...(unavailable && { unavailable }) });
  });
  open(app, world, wire.startPasskey, async (visit) => {
    const person = personIn(visit);
    return person.ok ? world.people.startPasskey(person.value.userId, visit.body.proof) : person;
  });
  open(app, world, wire.addPasskey, async (visit) => {
    const person = personIn(visit);
    const { name, registration } = visit.body;
    return person.ok ? world.people.addPasskey(person.value.userId, name, registration) : person;
  });
  open(app, world, wire.renamePasskey, async (visit) => {
    const person = personIn(visit);
    return person.ok ? world.people.renamePasskey(person.value.userId, visit.params.passkey, visit.body.name) : person;
  });
  open(app, world, wire.removePasskey, async (visit) => {
    const person = personIn(visit);
    if (!person.ok) return person;
    const removed = await world.people.removePasskey(person.value.userId, visit.params.passkey, visit.body.proof);
    return removed.ok ? ok({ removed: true }) : removed;
  });
};

const openProofs = (app: Hono, world: World): void => {
  open(app, world, wire.startProof, async (visit) => {
    const person = personIn(visit);
    return person.ok ? world.people.startProof(person.value, visit.body.purpose) : person;
  });
  open(app, world, wire.finishProof, async (visit) => {
    const person = personIn(visit);
    const { purpose, assertion } = visit.body;
    return person.ok ? world.people.finishProof(person.value, purpose, assertion) : person;
  });
};

/** The doors of passkeys: one's own, signing in with them, and proving with them that it is you. */
export const openPasskeyDoors = (app: Hono, world: World): void => {
  openOwn(app, world);
  openProofs(app, world);
  open(app, world, wire.startEntry, async () => world.people.startEntry());
  open(app, world, wire.enterByPasskey, async ({ body, headers, request }) => {
    const entered = await world.people.enterByPasskey(body.assertion, request.headers.get("user-agent") ?? undefined);
    if (!entered.ok) return entered;
    headers.append("set-cookie", entered.value.setCookie);
    return ok({ path: "/" });
  });
};
