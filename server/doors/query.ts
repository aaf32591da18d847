import type * as v from "valibot";
import { ok, type Result } from "../../shared/kit/shape.ts";
import { pointed, pointerTo } from "./problem.ts";

const twice = (name: string): string => `${name} is there twice. Say it once.`;

/**
 * What a request's address says after its question mark, for a door's schema to read. Refuses a name that comes twice, of
 * which one would be passed over in silence, and every name where a door takes none.
 */
export const queryOf = (request: Request, { type }: v.GenericSchema): Result<unknown> => {
  const pairs = [...new URL(request.url).searchParams];
  const names = pairs.map(([name]) => name);
  const surplus = type === "undefined" ? names : names.filter((name, index) => names.indexOf(name) !== index);
  if (surplus.length === 0) return ok(type === "undefined" ? undefined : Object.fromEntries(pairs));
  const detail = (name: string) => (type === "undefined" ? "This door takes nothing by this name." : twice(name));
  const faults = [...new Set(surplus)].map((name) => ({ pointer: pointerTo([name]), detail: detail(name) }));
  return pointed("bad-request", "The query is not what this door takes.", faults);
};
