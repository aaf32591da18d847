import type { Hono } from "hono";
import type { Party } from "../../shared/contract/contract.ts";
import { agentSaid } from "../../shared/contract/record.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { network } from "../../shared/kit/address.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/contracts.ts";
import { sign } from "../../shared/wire/influencer.ts";
import {
  agreeToEnd,
  declineContract,
  proposeTerms,
  reviewContract,
  type Sealing,
  signContract,
  terminateContract,
  withdrawContract,
} from "../decisions/contracts.ts";
import { readerOf } from "../engine/reader.ts";
import type { Work } from "../engine/record.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import type { Who } from "../people/who.ts";
import { contractShown, versionsShown } from "../shown/contract.ts";
import { brandName, influencerName } from "../shown/names.ts";
import type { World } from "../world.ts";
import { findContract } from "./access.ts";
import { open, type Visit } from "./door.ts";
import { pointed } from "./problem.ts";
import type { Seat } from "./seats.ts";

/** The terms a body brings, or everything that is wrong with them, in one sentence and place by place. */
export const termsIn = (draft: unknown): Result<Terms> => {
  const read = readTerms(draft);
  if (read.ok) return ok(read.terms);
  const told = read.problems.map(({ at, because }) => `${at || "/"} ${because}`).join("; ");
  const faults = read.problems.map(({ at, because }) => ({ pointer: `/terms${at}`, detail: because }));
  return pointed("bad-terms", `These terms do not hold: ${told}.`, faults);
};

interface Side {
  readonly seat: Seat;
  readonly party: Party;
  readonly doc: ContractDoc;
  readonly userId: string;
}

type Asked = Pick<Visit<"/:contract", never, never>, "who" | "seats" | "params">;

const inWebApp = (who: Who | undefined): who is Who & { kind: "person" } =>
  who?.kind === "person" && who.via === "cookie";

/** For which side of a contract somebody speaks. What binds is decided where the whole contract can be read. */
const sideOf = async (world: World, { who, seats, params }: Asked): Promise<Result<Side>> => {
  if (!inWebApp(who))
    return refuse("not-allowed", "Contracts are decided on in the web app, where they can be read in full.");
  const found = await findContract(world, seats, params.contract);
  if (!found.ok) return found;
  const { seat, doc } = found.value;
  const party = seat.role === "influencer" ? "influencer" : "brand";
  return ok({ seat, party, doc, userId: who.userId });
};

type Asking = Asked & Pick<Visit<"/:contract", never, never>, "decide">;

const decided = async (world: World, visit: Asking, work: (side: Side) => Work<string>) => {
  const side = await sideOf(world, visit);
  if (!side.ok) return side;
  return visit.decide(side.value.seat.brand, work(side.value), contractShown);
};

const openProposals = (app: Hono, world: World): void => {
  const proposed =
    (type: "counter" | "amend") =>
    async (
      visit: Asking & { readonly body: { readonly terms: unknown; readonly expiresInDays?: number | undefined } },
    ) => {
      const terms = termsIn(visit.body.terms);
      if (!terms.ok) return terms;
      return decided(world, visit, ({ seat, party, doc }) => {
        const given = { by: party, terms: terms.value, days: visit.body.expiresInDays };
        return proposeTerms(doc.contract, type, given, seat.by);
      });
    };
  open(app, world, wire.counterContract, proposed("counter"));
  open(app, world, wire.amendContract, proposed("amend"));
  open(app, world, wire.declineContract, (visit) =>
    decided(world, visit, ({ seat, party, doc }) =>
      declineContract(doc.contract, { by: party, ...visit.body }, seat.by),
    ),
  );
  open(app, world, wire.withdrawContract, (visit) =>
    decided(world, visit, ({ seat, party, doc }) => withdrawContract(doc.contract, party, seat.by)),
  );
};

const openEndings = (app: Hono, world: World): void => {
  open(app, world, wire.terminateContract, (visit) =>
    decided(world, visit, ({ seat, party, doc }) =>
      terminateContract(doc.contract, { by: party, ...visit.body }, seat.by),
    ),
  );
  open(app, world, wire.agreeTermination, (visit) =>
    decided(world, visit, ({ seat, party, doc }) => agreeToEnd(doc.contract, party, seat.by)),
  );
  open(app, world, wire.reviewContract, (visit) =>
    decided(world, visit, ({ seat, party, doc }) => reviewContract(doc.contract, party, seat.by)),
  );
};

const sealingOf = async (
  world: World,
  { seat, party, doc }: Side,
  proven: Pick<Sealing, "method">,
  { address, request }: Pick<Visit<"/", never, never>, "address" | "request">,
): Promise<Sealing> => {
  const reader = readerOf(world.store, seat.brand);
  return {
    sealer: world.sealer,
    method: proven.method,
    address: address === undefined ? null : network(address),
    agent: agentSaid(request.headers.get("user-agent")),
    partyName: party === "brand" ? await brandName(reader) : await influencerName(reader, doc.influencer),
    salt: Buffer.from(world.bytes(32)).toString("hex"),
  };
};

const openSigning = (app: Hono, world: World): void =>
  open(app, world, sign, async (visit) => {
    const side = await sideOf(world, visit);
    if (!side.ok) return side;
    const { termsHash, name, proof } = visit.body;
    const { seat, party, doc, userId } = side.value;
    const proven = await world.people.useProof(userId, proof, `sign:${doc.contract}:${termsHash}`);
    if (!proven.ok) return proven;
    const sealing = await sealingOf(world, side.value, proven.value, visit);
    const given = { by: party, termsHash, name, sealing };
    return visit.decide(seat.brand, signContract(doc.contract, given, seat.by), contractShown);
  });

/** The doors of a contract's life, from the counter-offer to the last day. */
export const openContractDoors = (app: Hono, world: World): void => {
  openProposals(app, world);
  openSigning(app, world);
  openEndings(app, world);
  open(app, world, wire.contractVersions, async ({ seats, params }) => {
    const found = await findContract(world, seats, params.contract);
    return found.ok ? ok({ versions: await versionsShown(found.value.reader, params.contract) }) : found;
  });
};
