import type { ComponentChildren } from "preact";
import { LinkButton } from "../parts/button.tsx";

/** What may be disputed: a contract, one of its statements by its place from zero, or a result under it. */
export interface Disputable {
  readonly contract: string;
  readonly conversion?: string;
  readonly period?: number;
}

/** Where an item is disputed. */
export const disputeHref = ({ contract, conversion, period }: Disputable): string => {
  const about = {
    contract,
    ...(conversion !== undefined && { conversion }),
    ...(period !== undefined && { period: String(period) }),
  };
  return `/disputes/new?${new URLSearchParams(about)}`;
};

/** The way to dispute an item, from wherever it is shown. */
export const DisputeLink = ({
  children = "Dispute…",
  ...of
}: Disputable & { readonly children?: ComponentChildren }) => (
  <LinkButton href={disputeHref(of)} kind="quiet" testid="to-dispute">
    {children}
  </LinkButton>
);
