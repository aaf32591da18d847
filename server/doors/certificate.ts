import type { Context, Hono } from "hono";
import * as v from "valibot";
import { BUNDLE_FILE, type Bundle, bundleOf, bundleText, type SignedFact } from "../../shared/contract/bundle.ts";
import type { Signer } from "../../shared/contract/record.ts";
import { ok, present, type Result, refuse } from "../../shared/kit/shape.ts";
import type { Endpoint } from "../../shared/wire/endpoint.ts";
import * as wire from "../../shared/wire/seal.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import { certificate } from "../seal/certificate.ts";
import { jwkOf } from "../seal/seal.ts";
import type { World } from "../world.ts";
import { findContract } from "./access.ts";
import { open } from "./door.ts";
import { faultsOf, pointed, problem } from "./problem.ts";
import { queryOf } from "./query.ts";
import { admit } from "./seats.ts";
import { publicHeaders } from "./visitor.ts";

interface Signed {
  readonly seq: number;
}

/** A version's signatures as they lie in the chain, first come first, each with what its signer is called. */
const signedFacts = async (world: World, reader: Reader, contract: string, version: number) => {
  const prefix = `contract-signature/${contract}/${version}/`;
  const all = await reader.documents(prefix);
  const found = await Promise.all(
    all.map(async ([key, body]): Promise<SignedFact> => {
      const { seq } = body as unknown as Signed;
      const rows = await world.store.facts(reader.brand, Math.max(0, seq - 2), 2);
      const own = present(
        rows.find((it) => it.seq === seq),
        `fact ${seq} of ${reader.brand}`,
      );
      const after = rows.find((it) => it.seq === seq - 1)?.hash ?? "";
      const held = await reader.private(`signature/${contract}/${version}/${key.slice(prefix.length)}`);
      return { ...own, after, signer: (held as unknown as Signer | undefined) ?? null };
    }),
  );
  return found.sort((a, b) => a.seq - b.seq);
};

/** The bundle of a contract that may be seen: of the version named, or of the one both signed last. */
const bundleFor = async (world: World, c: Context, door: Endpoint): Promise<Result<Bundle>> => {
  const admitted = await admit(world, c.req.raw, door.audience);
  if (!admitted.ok) return admitted;
  const said = queryOf(c.req.raw, door.query);
  if (!said.ok) return said;
  const query = v.safeParse(wire.bundle.query, said.value);
  if (!query.success)
    return pointed("bad-request", "Only version can be asked for, as a whole number from 1.", faultsOf(query.issues));
  const contract = c.req.param("contract") ?? "";
  const found = await findContract(world, admitted.value.seats, contract);
  if (!found.ok) return found;
  const { versions } = found.value.doc;
  const asked = query.output.version;
  const signed = asked === undefined ? versions.at(-1) : versions.find(({ version }) => version === Number(asked));
  if (!signed)
    return refuse(
      "not-signed",
      "Both sides must have signed a version of a contract before there is a certificate of it.",
    );
  const reader = readerOf(world.store, found.value.seat.brand);
  return bundleOf(signed.terms, await signedFacts(world, reader, contract, signed.version));
};

const file = (type: string, name: string): Record<string, string> => ({
  "content-type": type,
  "content-disposition": `attachment; filename="${name}"`,
  "cache-control": "no-store",
});

const nameOf = ({ signatures }: Bundle): string => {
  const { contract, version } = present(signatures[0], "the first signature of a bundle").record;
  return `makegood-${contract}-v${version}`.replaceAll(/[^\w.-]/g, "-");
};

/** The doors to what proves a signature: a contract's bundle, its certificate, and the keys that seal. */
export const openCertificateDoors = (app: Hono, world: World): void => {
  open(app, world, wire.sealKeys, async ({ headers }) => {
    for (const [name, value] of Object.entries(publicHeaders)) headers.set(name, value);
    return ok({ keys: [jwkOf(world.sealer.publicKey)] });
  });
  app.get(wire.bundle.path, async (c) => {
    const made = await bundleFor(world, c, wire.bundle);
    if (!made.ok) return problem(made.refusal);
    return new Response(bundleText(made.value), { headers: file("application/json", BUNDLE_FILE) });
  });
  app.get(wire.certificate.path, async (c) => {
    const made = await bundleFor(world, c, wire.certificate);
    if (!made.ok) return problem(made.refusal);
    const pdf = await certificate(made.value, world);
    return new Response(new Uint8Array(pdf), { headers: file("application/pdf", `${nameOf(made.value)}.pdf`) });
  });
};
