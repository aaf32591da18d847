import type { Fault } from "../history/fault.ts";

/** A refusal in one sentence that belongs to no place in a file. */
export const refusal = (because: string): Fault => Object.assign(new Error(because), { name: "Fault" as const });
