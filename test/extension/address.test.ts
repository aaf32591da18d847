import { describe, expect, it } from "vitest";
import { isWebAddress, serverAddress } from "../../extension/app/address.ts";

describe("The address of a server", () => {
  it("is taken as a person types it", () => {
    const typed = {
      "makegood.example": "https://makegood.example",
      " https://makegood.example/some/page?x ": "https://makegood.example",
      "127.0.0.1:8787": "http://127.0.0.1:8787",
      "localhost:8787": "http://localhost:8787",
      "http://localhost:8787/": "http://localhost:8787",
    };
    for (const [text, origin] of Object.entries(typed))
      expect(serverAddress(text)).toEqual({ ok: true, value: origin });
  });

  it("is refused over plain http, unless the server is on this machine", () => {
    expect(serverAddress("http://makegood.example")).toMatchObject({ refusal: { code: "not-private" } });
    expect(serverAddress("http://127.0.0.1.evil.example")).toMatchObject({ refusal: { code: "not-private" } });
  });

  it("is refused when it is none", () => {
    for (const text of [
      "",
      "   ",
      "ftp://makegood.example",
      "javascript:alert(1)",
      "https://",
      "not an address",
      "https://me:pw@x.example",
    ])
      expect(serverAddress(text)).toMatchObject({ ok: false, refusal: { code: "not-an-address" } });
  });

  it("a page to confirm a code on must be on the web", () => {
    expect(isWebAddress("https://makegood.example/pair?code=A")).toBe(true);
    for (const text of ["javascript:alert(1)", "chrome://settings", "file:///x", "nonsense"])
      expect(isWebAddress(text)).toBe(false);
  });
});
