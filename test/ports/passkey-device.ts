import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type * as v from "valibot";
import type * as wire from "../../shared/wire/passkeys.ts";

type Creation = v.InferOutput<typeof wire.CreationOptions>;
type Request = v.InferOutput<typeof wire.RequestOptions>;

type Cbor = number | string | Buffer | Map<Cbor, Cbor>;

const head = (major: number, count: number): Buffer => {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 256) return Buffer.from([(major << 5) | 24, count]);
  return Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
};

/** As much of RFC 8949 as an authenticator needs. */
const cbor = (it: Cbor): Buffer => {
  if (typeof it === "number") return it < 0 ? head(1, -1 - it) : head(0, it);
  if (typeof it === "string") return Buffer.concat([head(3, Buffer.byteLength(it)), Buffer.from(it)]);
  if (Buffer.isBuffer(it)) return Buffer.concat([head(2, it.length), it]);
  return Buffer.concat([head(5, it.size), ...[...it].flatMap(([key, value]) => [cbor(key), cbor(value)])]);
};

const sha256 = (it: string | Buffer): Buffer => createHash("sha256").update(it).digest();
const text = (it: Buffer): string => it.toString("base64url");

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_KEY = 0x40;

/** What an authenticator may do otherwise than it should. */
export interface Manner {
  /** The page that asks it, as the browser says. */
  readonly origin?: string;
  readonly rpId?: string;
  /** Does it check who holds it? */
  readonly verifies?: boolean;
  /** The count of uses it tells. */
  readonly counter?: number;
  readonly userHandle?: string;
}

/** An authenticator and the browser before it, with one passkey: real keys, real signatures. Source: Web Authentication Level 3, §6. */
export const newDevice = (home: string) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  let [user, uses] = ["", 0];

  const authenticator = (rpId: string, manner: Manner, more: Buffer = Buffer.alloc(0)): Buffer => {
    uses = manner.counter ?? uses + 1;
    const flags = PRESENT | (manner.verifies === false ? 0 : VERIFIED) | (more.length > 0 ? WITH_KEY : 0);
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags);
    tail.writeUInt32BE(uses, 1);
    return Buffer.concat([sha256(manner.rpId ?? rpId), tail, more]);
  };

  const client = (type: string, challenge: string, manner: Manner): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: manner.origin ?? home, crossOrigin: false }));

  return {
    id: text(id),
    make: (options: Creation, manner: Manner = {}) => {
      user = options.user.id;
      const key = cbor(
        new Map<Cbor, Cbor>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, "base64url")],
          [-3, Buffer.from(y, "base64url")],
        ]),
      );
      const size = Buffer.from([id.length >> 8, id.length & 255]);
      const authData = authenticator(options.rp.id, manner, Buffer.concat([Buffer.alloc(16), size, id, key]));
      const attestation = cbor(
        new Map<Cbor, Cbor>([
          ["fmt", "none"],
          ["attStmt", new Map()],
          ["authData", authData],
        ]),
      );
      const response = {
        clientDataJSON: text(client("webauthn.create", options.challenge, manner)),
        attestationObject: text(attestation),
        transports: ["internal", "smoke-signals"],
      };
      return { id: text(id), rawId: text(id), type: "public-key" as const, response };
    },
    answer: (options: Request, manner: Manner = {}) => {
      const authData = authenticator(options.rpId, manner);
      const said = client("webauthn.get", options.challenge, manner);
      const signature = sign("sha256", Buffer.concat([authData, sha256(said)]), privateKey);
      const response = {
        clientDataJSON: text(said),
        authenticatorData: text(authData),
        signature: text(signature),
        userHandle: manner.userHandle ?? user,
      };
      return { id: text(id), rawId: text(id), type: "public-key" as const, response };
    },
  };
};

export type Device = ReturnType<typeof newDevice>;
