import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBrand } from "../../server/brands.ts";
import { dispatch } from "../../server/commands/commands.ts";
import { addInfluencer, createCampaign } from "../../server/decisions/campaigns.ts";
import { draftContract, offerContract, signContract, termsHashOf } from "../../server/decisions/contracts.ts";
import { openWorld } from "../../server/main.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import { mint } from "../../shared/kit/id.ts";
import { fine } from "../house.ts";

/** What a command line printed, and its exit code. */
export interface Printed {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Run a command line in this process, in a folder. */
export const run = async (cwd: string, ...argv: readonly string[]): Promise<Printed> => {
  const printed = { out: "", err: "" };
  const exit = await dispatch(argv, {
    cwd,
    env: {},
    isTTY: false,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    progress: () => ({ to: () => undefined, done: () => undefined }),
  });
  return { exit, ...printed };
};

/** Terms that cover July and August of 2018, the days these pasts are from. */
export const summerTerms = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2018-07-01",
  ends: "2018-08-31",
  period: "month",
  results: { sale: { counts: "confirmed" }, lead: { counts: "confirmed" } },
  attribution: { model: "linear", windowDays: 30, house: "included" },
  pay: [
    { rule: "share", result: "sale", rateBp: 1000 },
    { rule: "perResult", result: "sale", amountMinor: 150 },
  ],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};

/** A data folder with a brand and a campaign, and no server running. */
export const openPast = async (more: { readonly name?: string } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-past-"));
  const world = await openWorld({ folder, port: 0, loopback: true }, "http://127.0.0.1:8787");
  const { name = "Acme" } = more;
  const { brand } = await makeBrand(world, { name, owner: "Olive Owner", email: "olive@acme.example" });
  const campaign = mint("campaign", world.bytes(13));
  const hosts = ["localhost:9"];
  fine(await world.record.decide(brand, createCampaign({ campaign, name: "Summer", hosts }, true, "brand")));
  const invite = async (called: string): Promise<string> => {
    const influencer = mint("influencer", world.bytes(13));
    return fine(await world.record.decide(brand, addInfluencer(influencer, called, "invited", "brand")));
  };
  const sign = async (influencer: string, raw: unknown = summerTerms): Promise<string> => {
    const read = readTerms(raw);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const contract = mint("contract", world.bytes(13));
    const termsHash = termsHashOf(read.terms);
    const { decide } = world.record;
    fine(await decide(brand, draftContract({ contract, campaign, influencer, terms: read.terms }, "brand")));
    fine(await decide(brand, offerContract(contract, "brand")));
    for (const by of ["brand", "influencer"] as const)
      fine(await decide(brand, signContract(contract, { by, termsHash, name: by }, by)));
    return contract;
  };
  return {
    folder,
    world,
    brand,
    campaign,
    invite,
    sign,
    /** Write a file beside the database. */
    write: (file: string, content: string | Buffer) => writeFileSync(join(folder, file), content),
    run: (command: string, ...argv: readonly string[]) => run(folder, command, ...argv, "--folder", "."),
    close: async () => {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** What `openPast` gives. */
export type Past = Awaited<ReturnType<typeof openPast>>;
