import { describe, expect, it } from "vitest";
import { hostFault, hostsIn } from "../../server/console/kit/hosts.ts";

describe("hosts, as somebody pastes them", () => {
  it("are read out of whole addresses, each once, however they are parted", () => {
    const pasted =
      "https://Shop.example/sale?x=1#y, shop.example\nhttp://user:secret@shop.example shop.example.;a.example:8080";
    expect(hostsIn(pasted)).toEqual(["shop.example", "a.example:8080"]);
    expect(hostsIn("https://shop.example:443 shop.example.:8443")).toEqual(["shop.example", "shop.example:8443"]);
    expect(hostsIn("bücher.example")).toEqual(["xn--bcher-kva.example"]);
    expect(hostsIn(" \n,; ")).toEqual([]);
  });

  it("are left as they were typed where they cannot be read, for the refusal to name them", () => {
    const hosts = hostsIn("*.shop.example fine.example [::1]:80 javascript:alert(1)");
    expect(hosts).toEqual(["*.shop.example", "fine.example", "[::1]:80", "javascript:alert(1)"]);
    const refused = (pointer: string, detail: string) =>
      hostFault({ code: "bad-request", because: "", status: 400, fields: [{ pointer, detail }] }, hosts);
    expect(refused("/hosts/2", "must be a host name")).toBe("[::1]:80: must be a host name");
    expect(refused("/hosts", "Invalid length: Expected <=50 but received 51")).toBe("Give at most 50.");
    expect(refused("/name", "is missing")).toBeUndefined();
    expect(hostFault(null, hosts)).toBeUndefined();
  });
});
