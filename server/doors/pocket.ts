import type { Endpoint } from "../../shared/wire/endpoint.ts";
import { grabLink } from "../../shared/wire/influencer.ts";
import { leave } from "../../shared/wire/people.ts";

const changing: ReadonlySet<string> = new Set([grabLink.path, leave.path]);

/**
 * Does a door open to a paired extension? It may read, take links and sign itself out. A token can be copied out of a
 * browser: whatever binds, moves money or lets somebody in takes a person at the web app.
 */
export const opensToExtensions = ({ method, path }: Pick<Endpoint, "method" | "path">): boolean =>
  method === "GET" || changing.has(path);
