import { isLoopback } from "./address.ts";
import type { Contract } from "./shelves.ts";

/** The parameter our own links carry. It would credit the wrong click, so it never enters a destination. */
const OURS = "mg";

/**
 * Parameters by which other programs mark whom a visit belongs to, in lower case. Only names that mean nothing else,
 * so that leaving one out never breaks a page.
 */
const theirs: ReadonlySet<string> = new Set([
  "aff_id",
  "aff_sub",
  "affid",
  "affiliate",
  "affiliate_id",
  "affsource",
  "afsrc",
  "awc",
  "cjdata",
  "cjevent",
  "clickref",
  "dub_id",
  "foid",
  "irclickid",
  "irgwc",
  "raneaid",
  "ranmid",
  "ransiteid",
  "sscid",
  "tduid",
]);

/** Where a tracked link would lead. `secure`: by https, or on this machine; a link leads nowhere else. `ours`: a mark of ours was left out. `others`: the names of other people's marks that were. */
export interface Destination {
  readonly url: string;
  readonly host: string;
  readonly secure: boolean;
  readonly ours: boolean;
  readonly others: readonly string[];
}

const nameOf = (pair: string): string => {
  const raw = pair.split("=", 1)[0] ?? "";
  try {
    return decodeURIComponent(raw).toLowerCase();
  } catch {
    return raw.toLowerCase();
  }
};

/**
 * The page's own address, without anybody's mark: a link must say honestly whose it is, and never pass another's click
 * off as ours. The rest of the query keeps its bytes. Nothing for pages that are not on the web.
 */
export const destinationOf = (page: string | undefined): Destination | undefined => {
  if (page === undefined || !URL.canParse(page)) return undefined;
  const url = new URL(page);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const pairs = url.search.slice(1).split("&");
  const others = pairs.map(nameOf).filter((name) => theirs.has(name));
  const ours = pairs.some((pair) => nameOf(pair) === OURS);
  if (ours || others.length > 0) {
    url.search = pairs.filter((pair) => nameOf(pair) !== OURS && !theirs.has(nameOf(pair))).join("&");
  }
  url.username = "";
  url.password = "";
  const secure = url.protocol === "https:" || isLoopback(url.hostname);
  return { url: url.href, host: url.host, secure, ours, others: [...new Set(others)] };
};

/** Does a contract run, and has it begun, and is it not over? Where it does not say since when, the server decides. */
export const isOn = ({ status, versions, overAt }: Contract, now: number): boolean => {
  const begins = versions.flatMap(({ inForce }) => (inForce ? [inForce.from] : []));
  const begun = begins.length === 0 || begins.some((from) => from <= now);
  return status === "running" && begun && now < (overAt ?? Number.POSITIVE_INFINITY);
};

const covers = (contract: Contract, host: string, now: number): boolean =>
  isOn(contract, now) && contract.hosts.some((it) => it.verified && it.host === host);

/** The running contracts whose campaign covers this page, the one last used first. Decided here, from the cache: no address leaves the browser. */
export const contractsFor = (
  { host }: Pick<Destination, "host">,
  contracts: readonly Contract[],
  lastContract: string | undefined,
  now: number,
): readonly Contract[] => {
  const fitting = contracts.filter((contract) => covers(contract, host, now));
  return [...fitting.filter(({ id }) => id === lastContract), ...fitting.filter(({ id }) => id !== lastContract)];
};
