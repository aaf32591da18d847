import type { World } from "../world.ts";
import { checkEvents, type Found, type ImportedEvents, importEvents } from "./import-events.ts";
import { checkPaths, type FoundPaths, type ImportedPaths, importPaths } from "./import-paths.ts";
import { type Order, passesOver } from "./passes.ts";

/** What an import came to. */
export type Imported = ImportedEvents | ImportedPaths;

type Checked =
  | { readonly kind: "events"; readonly found: Found }
  | { readonly kind: "paths"; readonly found: FoundPaths };

/** What a file could bring, had it not only been checked. */
export type Trial = { readonly kind: "trial"; readonly checked: Checked };

/**
 * Load a file as a brand's past: an event log, as touches and results of people, or paths, as journeys to learn from.
 * The file is read several times, so that no more than a piece of it is held at once: first to check every line, before
 * anything is written, then to take it in. Every line or part has an id of its own, so doing it again adds nothing, and
 * an import that broke off is finished by doing it again.
 */
export const importHistory = async (world: World, order: Order): Promise<Imported | Trial> => {
  const passes = passesOver(order);
  const checked = await passes.over("checking", async (history): Promise<Checked> => {
    if (history.held.kind === "paths") return { kind: "paths", found: await checkPaths(world, order, history) };
    return { kind: "events", found: await checkEvents(world, order, history) };
  });
  if (order.isTrial) return { kind: "trial", checked };
  return checked.kind === "paths"
    ? importPaths(world, order, passes, checked.found)
    : importEvents(world, order, passes, checked.found);
};
