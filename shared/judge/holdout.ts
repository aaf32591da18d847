import { scatter } from "../kit/chance.ts";

/** What decides who is held out: how many 10 000ths of the clicks, and a random word that nobody can have known before. */
export interface Draw {
  readonly partBp: number;
  readonly salt: string;
}

const BASIS = 10_000;

/** Is this click held out? The click's id alone decides, so it is the same whenever, wherever and however often it is asked. */
export const isHeldOut = ({ partBp, salt }: Draw, click: string): boolean => scatter(salt, click) % BASIS < partBp;
