/** A year that once went wrong: what it found, so that it never comes back. Pinned with the number of its steps. */
export interface Pinned {
  readonly name: string;
  readonly seed: number;
  readonly steps: number;
}

/** Every fault a year has found, by the year that found it. */
export const pinned: readonly Pinned[] = [
  {
    name: "what is only expected took room under a total cap from what was proven, and both were accrued",
    seed: 138,
    steps: 120,
  },
  { name: "a contract disputed before its first day was paid a sum that stood on no statement", seed: 65, steps: 120 },
];
