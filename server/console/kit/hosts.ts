import type { Problem } from "./ask.ts";
import { plainly } from "./plain.ts";

/**
 * A host as somebody might paste it: `https://shop.example/landing` is `shop.example`, and so is `shop.example.`. What
 * cannot be read, or would be read as something else, is left as it is for the server to refuse.
 */
const hostOf = (text: string): string => {
  const bare = text.trim().toLowerCase();
  const url = bare.includes("://") ? bare : `https://${bare}`;
  const host = URL.canParse(url) ? new URL(url).host : "";
  return host === "" || host.includes("%") ? bare : host.replace(/\.(?=$|:\d+$)/, "");
};

/** The hosts named in a text, one a line or with commas or spaces between, each once. */
export const hostsIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .filter((it) => it !== "")
      .map(hostOf),
  ),
];

/** What is wrong with hosts that were sent: which one, and why; or of all of them together. */
export const hostFault = (problem: Problem | null, hosts: readonly string[]): string | undefined => {
  const found = problem?.fields.find(({ pointer }) => pointer === "/hosts" || pointer.startsWith("/hosts/"));
  if (!found) return undefined;
  const host = hosts[Number(found.pointer.split("/")[2] ?? "none")];
  return host === undefined ? plainly(found) : `${host}: ${plainly(found)}`;
};
