import { me } from "../../shared/wire/influencer.ts";
import type { Paired } from "./connection.ts";
import { type Reached, reachAs } from "./reach.ts";
import { emptyVault, keepMark, mark } from "./vault.ts";

/**
 * A vault belongs to one person on one server; whoever comes next finds it empty. Ask whose this connection is before
 * anything of the vault is sent anywhere, or trusted to be theirs.
 */
export const settleOwner = async (connection: Paired): Promise<Reached<unknown>> => {
  const asked = await reachAs(connection, me);
  if (!asked.ok) return asked;
  // An e-mail is no name for a person: most have none, and it may change.
  const owner = `${asked.value.id} ${connection.server}`;
  const before = await mark("owner");
  if (before === owner) return asked;
  if (before !== undefined) await emptyVault();
  // Without room for this there is room for nothing else either.
  await keepMark("owner", owner).catch(() => undefined);
  return asked;
};

/** A new connection: another person's things go at once, and another server's even while nobody says who this is. */
export const welcomeOwner = async (connection: Paired): Promise<void> => {
  if ((await settleOwner(connection)).ok) return;
  const before = await mark("owner");
  if (before !== undefined && !before.endsWith(` ${connection.server}`)) await emptyVault();
};
