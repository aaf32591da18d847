import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractsFor, destinationOf } from "../../extension/app/destination.ts";
import { someContract, someTerms } from "./evidence.ts";

const AT = Date.parse("2026-11-10T12:00:00Z");
const terms = someTerms(AT);

describe("Where a tracked link leads", () => {
  it("is the page's own address, query and fragment untouched", () => {
    const page = "https://shop.example/a%20b?q=1+2&z=%C3%BC&flag#part";
    expect(destinationOf(page)).toEqual({ url: page, host: "shop.example", secure: true, ours: false, others: [] });
  });

  it("never carries our own mark, and says that it was left out", () => {
    expect(destinationOf("https://shop.example/?mg=mia1.abc&x=1")).toEqual({
      url: "https://shop.example/?x=1",
      host: "shop.example",
      secure: true,
      ours: true,
      others: [],
    });
  });

  it("never carries another partner's mark, and names what was left out", () => {
    expect(destinationOf("https://shop.example/p?irclickid=9&AWC=2_3&x=%20y")).toMatchObject({
      url: "https://shop.example/p?x=%20y",
      others: ["irclickid", "awc"],
    });
  });

  it("is not there for pages that are not on the web", () => {
    const none = [undefined, "", "about:blank", "chrome://settings", "file:///etc/hosts", "javascript:alert(1)"];
    const more = ["about:reader?url=https://shop.example/", "view-source:https://shop.example/", "data:text/html,a"];
    for (const page of [...none, ...more]) expect([page, destinationOf(page)]).toEqual([page, undefined]);
    expect(destinationOf("https://shop.example/terms.pdf#page=2")?.url).toBe("https://shop.example/terms.pdf#page=2");
  });

  it("never gives away a password in an address", () => {
    expect(destinationOf("https://ann:secret@shop.example/")?.url).toBe("https://shop.example/");
  });

  it("stays the same when it is cleaned twice, whatever the query", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (page) => {
        const once = destinationOf(page);
        expect(destinationOf(once?.url)).toMatchObject({ url: once?.url, ours: false, others: [] });
      }),
    );
  });
});

describe("Which contracts cover a page", () => {
  const running = someContract("con_a", ["shop.example"], AT, terms);
  const other = someContract("con_b", ["shop.example", "localhost:8788"], AT, terms);

  it("are the running ones whose campaign verified the page's host, the last used first", () => {
    const found = contractsFor({ host: "shop.example" }, [running, other], "con_b", AT);
    expect(found.map(({ id }) => id)).toEqual(["con_b", "con_a"]);
  });

  it("leave out other hosts, other ports, subdomains, unverified hosts and contracts that do not run", () => {
    const unverified = { ...running, hosts: [{ host: "shop.example", verified: false }] };
    const over = { ...running, status: "completed" as const };
    expect(contractsFor({ host: "shop.example" }, [unverified, over], undefined, AT)).toEqual([]);
    expect(contractsFor({ host: "www.shop.example" }, [running], undefined, AT)).toEqual([]);
    expect(contractsFor({ host: "localhost:8789" }, [other], undefined, AT)).toEqual([]);
  });

  it("leave out the contract that has not begun, and the one that is over, though both still count as running", () => {
    const [version] = running.versions;
    const from = AT + 86_400_000;
    const until = from + 86_400_000;
    const timed = { ...running, versions: [{ ...version!, inForce: { from, until } }], overAt: until };
    const at = (now: number): string[] =>
      contractsFor({ host: "shop.example" }, [timed], undefined, now).map(({ id }) => id);
    expect([AT, from - 1, from, until - 1, until].map(at)).toEqual([[], [], ["con_a"], ["con_a"], []]);
  });

  it("but a link leads only to https, or to this very machine", () => {
    const secure = (page: string): boolean | undefined => destinationOf(page)?.secure;
    expect(secure("https://shop.example/")).toBe(true);
    expect(secure("http://shop.example/")).toBe(false);
    expect(secure("http://localhost:8788/")).toBe(true);
    expect(secure("http://127.0.0.1:8788/")).toBe(true);
    expect(secure("http://localhost.shop.example/")).toBe(false);
  });
});
