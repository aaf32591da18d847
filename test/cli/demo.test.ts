import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClock } from "../../server/demo/clock.ts";
import { setUpDemo } from "../../server/demo/demo.ts";
import { type Running, start } from "../../server/main.ts";
import { explained } from "../../shared/pay/explained.ts";
import * as disputeDoors from "../../shared/wire/disputes.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { payoutPlan, payouts } from "../../shared/wire/payouts.ts";
import { closedStatements } from "../../shared/wire/statements.ts";
import { type Caller, enter, fine } from "../house.ts";
import { run } from "./past.ts";

const cli = fileURLToPath(new URL("../../server/cli.ts", import.meta.url));

let folder = "";
let running: Running | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "makegood-demo-"));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** The demo as somebody finds it who starts it at an instant, and its owner signed in. */
const startAt = async (instant: string) => {
  const clock = openClock(() => Date.parse(instant));
  running = await start({ folder, port: 0, loopback: true, rateLimits: false, now: clock.now });
  const demo = await setUpDemo(running.world, clock, "localhost:9");
  const owner = await enter(running.origin, demo.brand.signInUrl);
  return { demo, owner, clock };
};

const statementOf = async (owner: Caller, contract: string) => {
  const told = fine(await owner.ask(influencerDoors.statementOf, { params: { contract } }));
  expect(explained(told)).toEqual(told.statement);
  return told.statement.periods;
};

describe("the demo, on whatever day it is started", { timeout: 120_000 }, () => {
  it.each([
    ["in the middle of a month", "2026-11-22T20:00:00Z"],
    ["in the first hour of a year", "2027-01-01T05:30:00Z"],
    ["on a leap day", "2028-02-29T12:00:00Z"],
  ])("shows a shortfall being made good, a dispute, a counter-offer, and money on its way, %s", async (_, instant) => {
    const { demo, owner, clock } = await startAt(instant);
    const [ana, ben, clara] = demo.influencers;

    const periods = await statementOf(owner, ana.contract);
    expect(periods.map(({ state, guarantee }) => [state, guarantee?.state])).toEqual([
      ["closed", "met"],
      ["closed", "pending"],
      ["open", "open"],
    ]);
    expect(periods[1]?.guarantee?.until).toBeGreaterThan(clock.now());

    const { statements } = fine(await owner.ask(closedStatements, { params: { contract: ben.contract } }));
    expect([statements[0]?.approvedAt, statements.at(-1)?.approvedAt]).toEqual([expect.any(Number), null]);

    const offer = fine(await owner.ask(influencerDoors.contract, { params: { contract: clara.contract } }));
    expect(offer).toMatchObject({ status: "offered", proposal: { by: "influencer", signedBy: ["influencer"] } });

    const { disputes } = fine(await owner.ask(disputeDoors.disputes, { query: {} }));
    expect(disputes).toMatchObject([{ id: demo.dispute, status: "answered" }]);
    expect(disputes[0]?.until).toBeGreaterThan(clock.now());

    const paid = fine(await owner.ask(payouts)).payouts;
    expect(paid.map(({ status }) => status)).toEqual(["settled", "settled"]);
    const next = fine(await owner.ask(payoutPlan, { query: { rail: "manual", currency: "USD" } }));
    expect(next.payouts.map(({ influencerName }) => influencerName)).toContain("Ben Okafor");

    const signed = fine(await owner.ask(influencerDoors.contract, { params: { contract: ana.contract } }));
    expect(signed.signatures.map(({ name }) => name)).toEqual(["Olive Owner", "Ana Lima"]);
    const certificate = await fetch(`${running?.origin}/v1/contracts/${ana.contract}/certificate`, owner);
    expect(certificate.headers.get("content-type")).toBe("application/pdf");

    for (const { signInUrl: url, contract } of demo.influencers) {
      const { contracts } = fine(
        await (await enter(running?.origin ?? "", url)).ask(influencerDoors.contracts, { query: {} }),
      );
      expect(contracts.map(({ id }) => id)).toEqual([contract]);
    }
    await running?.stop();
    running = undefined;
    expect(JSON.parse((await run(folder, "verify", "--folder", ".", "--json")).out).ok).toBe(true);
  });
});

describe("npm run demo", { timeout: 120_000 }, () => {
  it("says where to look, and stops when it is asked to", async () => {
    const argv = [cli, "demo", "--port", "0", "--landing-port", "0", "--folder", "here"];
    const child = spawn(process.execPath, argv, { cwd: folder });
    const printed = { out: "", err: "" };
    child.stderr.on("data", (text) => {
      printed.err += text;
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    await new Promise<void>((up) => {
      child.stdout.on("data", (text) => {
        printed.out += text;
        if (printed.out.includes("Follow one lead")) up();
      });
      void ended.then(() => up());
    });
    for (const name of ["Console (the brand)", "Portal (Ana Lima)", "Portal (Ben Okafor)", "Portal (Clara Weiss)"])
      expect(printed.out).toContain(`  ${name}`);
    const [, origin = ""] = /(http:\S+)\/verify\n/.exec(printed.out) ?? [];
    expect(await (await fetch(`${origin}/v1/health`)).json()).toMatchObject({ ok: true });
    const [, url = ""] = /Console \(the brand\)\s+(\S+)/.exec(printed.out) ?? [];
    const owner = await enter(origin, url);
    const [, dispute = ""] = /\/disputes\/(\w+)/.exec(printed.out) ?? [];
    expect(fine(await owner.ask(disputeDoors.dispute, { params: { dispute } })).status).toBe("answered");
    child.kill("SIGINT");
    expect([await ended, printed.err]).toEqual([0, ""]);
  });
});
