const shapes = {
  campaigns: "M4 20V5m0 0c5-3 8 3 14 0v9c-6 3-9-3-14 0",
  conversions: "M4 12.5l5 5L20 6.5",
  influencers:
    "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zm-6 9c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 010 6.5m5 9c0-3.5-1.5-5.3-4-5.8",
  contracts: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5m-5 4h5",
  disputes: "M12 4v16M7 20h10M5 7h14M5 7l-2.5 6a2.7 2.7 0 005 0zm14 0l-2.5 6a2.7 2.7 0 005 0z",
  payouts: "M3 7h18v10H3zM12 14.2a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4zM6 10v4m12-4v4",
  settings: "M4 7h10m4 0h2M4 17h2m4 0h10M14 4.5v5m-4 5v5",
  extension: "M10 4.5a2 2 0 014 0V7h4v4h-1.5a2 2 0 000 4H18v5H6v-4.5H4.5a2 2 0 010-4H6V7h4z",
} as const;

/** The names of the pictures there are. */
export type IconName = keyof typeof shapes;

/** A small line drawing beside a word; it says nothing the word does not. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={shapes[name]} />
  </svg>
);

/** The mark of the house. */
export const Mark = () => (
  <svg class="mark-of-house" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M8 17.5l5 5L24 10.5" />
  </svg>
);
