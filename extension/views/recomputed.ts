import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { cached } from "../app/pocket.ts";
import { type Recomputed, recomputeStatement } from "../app/recompute.ts";
import type { ExplainedStatement } from "../app/shelves.ts";

/** The hashes of what this person has signed, by version, as this device knows them. */
const signedIn = (id: string): ReadonlyMap<number, string> => {
  const contract = cached.value.contracts.find((it) => it.id === id);
  const own = contract?.signatures.find(({ by }) => by === "influencer");
  return new Map([
    ...(contract?.versions ?? []).map(({ version, termsHash }) => [version, termsHash] as const),
    ...(contract && own ? [[contract.version, own.termsHash] as const] : []),
  ]);
};

/** What comes of computing a statement again on this device; nothing while it computes, or where there is none. */
export const useRecomputed = (it: ExplainedStatement | undefined): Recomputed | undefined => {
  const found = useSignal<Recomputed | undefined>(undefined);
  useEffect(() => {
    if (!it) return;
    let gone = false;
    void recomputeStatement(it, signedIn(it.contract)).then((recomputed) => {
      if (!gone) found.value = recomputed;
    });
    return () => {
      gone = true;
    };
  }, [it, found]);
  return found.value;
};
