import fc from "fast-check";

const PINNED_SEED = 20_261_122;

// Laws are tried on other cases at every run; only where a change is judged on them the cases stay the same, so that it
// is not refused for a fault that was there before it.
if (process.env.CI) fc.configureGlobal({ seed: PINNED_SEED });
