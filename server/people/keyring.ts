import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import type { Auth, Entered } from "./auth.ts";
import {
  type Assertion,
  type CreationOptions,
  creationOptions,
  keepPasskey,
  type NoPasskey,
  type Registration,
  type RequestOptions,
  requestOptions,
} from "./ceremony.ts";
import { type NoParty, partyOf } from "./party.ts";
import * as passkeys from "./passkeys.ts";
import * as proofs from "./proofs.ts";

/** What keeps signing and paying with the person: their passkeys, and the proofs that it is them. */
export interface Keyring {
  /** Why passkeys cannot work where this server is reached; undefined where they can. */
  passkeysUnavailable(): NoParty | undefined;
  passkeys(userId: string): Promise<readonly passkeys.Passkey[]>;
  /** Begins to add a passkey; takes a proof for the purpose `add-passkey`. */
  startPasskey(userId: string, proof: string): Promise<Result<CreationOptions, NoPasskey | proofs.BadProof>>;
  addPasskey(userId: string, name: string, answer: Registration): Promise<Result<passkeys.Passkey, NoPasskey>>;
  renamePasskey(userId: string, id: string, name: string): Promise<Result<passkeys.Passkey, NotTheirs>>;
  /** Removes a passkey; takes a proof for the purpose `remove-passkey:{id}`. */
  removePasskey(userId: string, id: string, proof: string): Promise<Result<void, NotTheirs | proofs.BadProof>>;
  /** Removes all passkeys of somebody who lost theirs, and says how many. For the operator alone. */
  forgetPasskeys(whom: { readonly userId: string } | { readonly email: string }): Promise<number>;

  /** Begins to sign in with a passkey. */
  startEntry(): Result<RequestOptions, NoParty>;
  enterByPasskey(answer: Assertion, userAgent?: string): Promise<Result<Entered, NoPasskey>>;

  /** What a proof for this purpose needs. */
  startProof(who: proofs.Prover, purpose: string): Promise<Result<proofs.Needed, proofs.NoProof>>;
  /** Gives a proof for this purpose, good for five minutes. */
  finishProof(
    who: proofs.Prover,
    purpose: string,
    answer: Assertion | undefined,
  ): Promise<Result<proofs.Proof, proofs.NoProof>>;
  /**
   * Uses a proof: good when it was given to this person for exactly this purpose at most five minutes ago. The same proof for
   * the same purpose answers the same again within that time, so a request that is sent again goes through; whatever must
   * not be done twice or changed after the person confirmed it belongs in the purpose, or is told as `what`: then the proof
   * serves for what it served first, and nothing else.
   */
  useProof(
    userId: string,
    proof: string,
    purpose: string,
    what?: string,
  ): Promise<Result<{ readonly method: proofs.Method }, proofs.BadProof>>;
}

/** There is no such passkey, or it is somebody else's. */
export type NotTheirs = Refusal<"not-found">;

const notTheirs = (id: string) => refuse("not-found", `There is no passkey ${id}.`);

/** Opens the keyring over the sign-in library's tables. */
export const openKeyring = ({ context, enterByPasskey }: Auth): Keyring => ({
  passkeysUnavailable: () => {
    const party = partyOf(context.baseURL);
    return party.ok ? undefined : party.refusal;
  },
  passkeys: async (userId) => (await passkeys.passkeysOf(context, userId)).map((row) => passkeys.shown(context, row)),
  startPasskey: async (userId, proof) => {
    const proved = await proofs.useProof(context, userId, proof, "add-passkey");
    return proved.ok ? creationOptions(context, userId) : proved;
  },
  addPasskey: (userId, name, answer) => keepPasskey(context, userId, name, answer),
  renamePasskey: async (userId, id, name) => {
    const renamed = await passkeys.renamePasskey(context, userId, id, name);
    return renamed ? ok(renamed) : notTheirs(id);
  },
  removePasskey: async (userId, id, proof) => {
    if (!(await passkeys.hasPasskey(context, userId, id))) return notTheirs(id);
    const proved = await proofs.useProof(context, userId, proof, `remove-passkey:${id}`);
    if (!proved.ok) return proved;
    await passkeys.removePasskey(context, userId, id);
    return ok(undefined);
  },
  forgetPasskeys: async (whom) => {
    const userId =
      "userId" in whom ? whom.userId : (await context.internalAdapter.findUserByEmail(whom.email))?.user.id;
    return userId === undefined ? 0 : passkeys.forgetPasskeys(context, userId);
  },
  startEntry: () => requestOptions(context, ["enter"], []),
  enterByPasskey,
  startProof: (who, purpose) => proofs.startProof(context, who, purpose),
  finishProof: (who, purpose, answer) => proofs.finishProof(context, who, purpose, answer),
  useProof: (userId, proof, purpose, what) => proofs.useProof(context, userId, proof, purpose, what),
});
