import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { buildConsole } from "../../server/console/build.ts";

describe("the console as built", () => {
  it("carries nothing its security policy forbids, and names its files by what is in them", async () => {
    const { folder, version, files } = await buildConsole();
    const page = await readFile(`${folder}index.html`, "utf8");
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i);
    expect(page).toContain(`src="/app.js?v=${version}"`);
    expect(page).toContain(`href="/app.css?v=${version}"`);
    const hash = createHash("sha256");
    for (const { name } of files) if (/\.(?:js|css)$/.test(name)) hash.update(await readFile(folder + name));
    expect(hash.digest("hex").slice(0, 12)).toBe(version);
    const [script, style] = await Promise.all([readFile(`${folder}app.js`), readFile(`${folder}app.css`)]);
    expect(script.toString()).not.toMatch(/\beval\(|new Function\(/);
    expect(style.toString()).not.toMatch(/url\((?!data:)/);
  });
});
