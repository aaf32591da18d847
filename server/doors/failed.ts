import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { troubleOf } from "../store/trouble.ts";
import type { World } from "../world.ts";
import { failure, problem } from "./problem.ts";

/**
 * The answer to a request in which something was thrown: what is wrong with the disk is said, since it may be asked for
 * again; of a fault of our own only a number is told, to find it in the log by.
 */
export const failed = (world: World, error: unknown): Response => {
  const trouble = troubleOf(error);
  if (trouble) return problem(trouble);
  const incident = randomUUID().slice(0, 8);
  world.warn(`failure ${incident}`, error instanceof v.ValiError ? v.flatten(error.issues) : error);
  return failure(incident);
};
