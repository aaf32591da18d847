import type { Host } from "../kit/wire.ts";

/** A landing host, and whether the brand's tag has been seen on it. */
export const HostBadge = ({ host: { host, verified } }: { readonly host: Host }) => (
  <span
    class={`badge ${verified ? "good" : "warn"}`}
    title={verified ? "The brand's tag was seen here." : "Waits for the brand's tag to be seen here."}
    data-testid="host"
    data-host={host}
    data-verified={verified}
  >
    <span class="mono">{host}</span> {verified ? "verified" : "waiting"}
  </span>
);
