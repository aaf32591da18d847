/** In how many cases each law is tried while mutants are hunted; undefined when it is tried in as many as it asks for. */
export const few = process.env.MAKEGOOD_FEW === undefined ? undefined : Number(process.env.MAKEGOOD_FEW);

/** How often something must come up, at least, in all the cases of a law: in a few it need not. */
export const often = (least: number): number => (few === undefined ? least : 0);
