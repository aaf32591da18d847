import type { Hono } from "hono";
import { ok, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/statements.ts";
import { approveStatement } from "../engine/closing.ts";
import { closedShown } from "../shown/statement.ts";
import type { World } from "../world.ts";
import { findContract } from "./access.ts";
import { open } from "./door.ts";

/** The doors to statements that are final. */
export const openStatementDoors = (app: Hono, world: World): void => {
  open(app, world, wire.closedStatements, async ({ seats, params }) => {
    const found = await findContract(world, seats, params.contract);
    return found.ok ? ok(await closedShown(found.value.reader, params.contract, world.now())) : found;
  });
  open(app, world, wire.approveStatement, async ({ seats, params, decide }) => {
    const found = await findContract(world, seats, params.contract);
    if (!found.ok) return found;
    const period = /^\d{1,4}$/.test(params.period) ? Number(params.period) : undefined;
    if (period === undefined) return refuse("not-found", `There is no period ${params.period}.`);
    const { seat } = found.value;
    return decide(seat.brand, approveStatement(params.contract, period, "brand", seat.by), (reader, contract) =>
      closedShown(reader, contract, world.now()),
    );
  });
};
