import { join } from "node:path";
import { redrawn } from "../engine/redraw.ts";
import { type Claim, claimAlone } from "../store/claim.ts";
import { redrawSqlite } from "../store/sqlite.ts";
import type { Redrawable } from "../store/store.ts";
import { type Command, exits, type Io } from "./command.ts";
import { brandIn, folderIn, folderOption, mustHold, refusal, unopened } from "./folder.ts";

interface Folder {
  readonly shown: string;
  readonly path: string;
}

const claimed = ({ shown, path }: Folder): Claim => {
  const claim = claimAlone(path);
  if (claim) return claim;
  throw refusal(
    `A server or another command is at work on the folder ${shown}. Stop it first: views are drawn anew by whoever has it alone.`,
  );
};

const alone = async <Done>(folder: Folder, act: (store: Redrawable) => Promise<Done>): Promise<Done> => {
  const claim = claimed(folder);
  let store: Redrawable | undefined;
  try {
    store = redrawSqlite(join(folder.path, "makegood.sqlite"));
    return await act(store);
  } finally {
    await store?.close();
    claim.letGo();
  }
};

const redraw = async (store: Redrawable, brand: string, io: Io): Promise<boolean> => {
  const progress = io.progress(`drawing ${brand}`, (await store.head(brand)).seq);
  const done = await redrawn(store, brand, progress.to).finally(progress.done);
  if (done.ok) io.out(`${brand} is drawn anew from ${done.value.seq.toLocaleString("en-US")} facts.\n`);
  else io.err(`${brand}: ${done.refusal.where} ${done.refusal.because}. Nothing of it was changed.\n`);
  return done.ok;
};

/** `makegood redraw`: every stored view, anew from the facts. */
export const command: Command = {
  name: "redraw",
  says: "Draw every stored view anew from the facts.",
  usage: "[options]",
  options: {
    folder: folderOption,
    brand: { value: "ID", says: "this brand alone, by its id or exact name; all of them when not given" },
  },
  more: `
Everything shown is a view, drawn from facts that are never changed. After an update that draws views otherwise, a server
refuses to start and names this command; it also mends views that makegood verify finds to be other than the facts make them.

Each brand is drawn whole or not at all, so it may be interrupted at any moment and called again. A brand whose chain of
facts does not hold is left as it was, the first fault is named, the other brands go on, and the exit code is 1. No server
and no other command may write to the folder meanwhile: while one does this is refused, and while this works they are.
Names, touches, answers and counters are no views, and are not touched.`,
  run: async (args, io) => {
    const folder = folderIn(args, io);
    mustHold(folder);
    const asked = args.text("brand");
    const all = async (store: Redrawable): Promise<boolean> => {
      let isWhole = true;
      for (const brand of asked === undefined ? await store.brands() : [await brandIn(store, asked)])
        isWhole = (await redraw(store, brand, io)) && isWhole;
      return isWhole;
    };
    const isWhole = await alone(folder, all).catch((error) => {
      throw unopened(folder.shown, error);
    });
    return isWhole ? exits.fine : exits.refused;
  },
};
