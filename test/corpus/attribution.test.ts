import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dispatch } from "../../server/commands/commands.ts";

const corpus = process.env.MAKEGOOD_CORPUS;
const folder = join(corpus ?? ".", "attribution");

interface Figures {
  readonly conversions: string;
  readonly value: string;
}
interface Printed extends Figures {
  readonly payees: readonly (Figures & { readonly payee: string })[];
}

const attribute = async (...argv: readonly string[]): Promise<Printed> => {
  let [out, err] = ["", ""];
  const exit = await dispatch(["attribute", ...argv, "--json"], {
    cwd: folder,
    env: {},
    isTTY: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    progress: () => ({ to: () => undefined, done: () => undefined }),
  });
  expect([exit, err]).toEqual([0, ""]);
  return JSON.parse(out);
};

/** Whole units of a decimal with so many places. */
const units = (decimal: string, places: number): bigint => {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
};

const sumOf = (all: readonly string[], places: number): bigint => all.reduce((sum, it) => sum + units(it, places), 0n);

const conserved = ({ conversions, value, payees }: Printed, places: number): void => {
  expect(
    sumOf(
      payees.map((it) => it.conversions),
      6,
    ),
  ).toBe(units(conversions, 6));
  expect(
    sumOf(
      payees.map((it) => it.value),
      places,
    ),
  ).toBe(units(value, places));
};

describe.skipIf(corpus === undefined)("ten thousand published paths of twelve channels", () => {
  const published = () => {
    const [, ...lines] = readFileSync(join(folder, "channelattribution_expected_heuristic.csv"), "utf8")
      .trim()
      .split("\n");
    return lines.map((line) => {
      const [name = "", ...figures] = line.split(",");
      return { channel: name.replaceAll('"', ""), figures: figures.map(Number) };
    });
  };

  it.each([
    ["first", 0],
    ["last", 2],
    ["linear", 4],
  ] as const)("under %s give every channel what was published", async (model, column) => {
    const printed = await attribute("channelattribution_PathData.csv", "--model", model);
    const expected = published();
    expect(printed.payees.length).toBe(expected.length);
    for (const { channel, figures } of expected) {
      const found = printed.payees.find((it) => it.payee === channel)!;
      // The publication rounds to fifteen digits; the rest is ours to get right, to the last millionth.
      expect(Math.abs(Number(found.conversions) - figures[column]!)).toBeLessThanOrEqual(1.000001e-6);
      expect(Math.abs(Number(found.value) - figures[column + 1]!)).toBeLessThanOrEqual(1e-6);
    }
  });

  it.each(["first", "last", "linear", "position"])("under %s sum to the file's own totals exactly", async (model) => {
    const printed = await attribute("channelattribution_PathData.csv", "--model", model);
    expect(printed.conversions).toBe("19785.000000");
    // The file's finest value has seventeen decimals; this is the exact sum of its column.
    expect(printed.value).toBe("74802.97158721083751036");
    conserved(printed, 17);
  });
});

describe.skipIf(corpus === undefined)("a published log of 62 483 events", () => {
  const map = "visitor=customer_id,at=time,event=conversion,payee=channel,value=conversion_value";
  const log = ["si05_attribution_data.csv", "--map", map, "--result", "sale"] as const;

  it.each(["first", "last", "linear", "position", "timeDecay"])(
    "under %s shares 1 838 conversions worth 11 423.50",
    async (model) => {
      const printed = await attribute(...log, "--model", model);
      expect([printed.conversions, printed.value]).toEqual(["1838.000000", "11423.50"]);
      expect(printed.payees.map((it) => it.payee).sort()).toEqual([
        "Facebook",
        "Instagram",
        "Online Display",
        "Online Video",
        "Paid Search",
      ]);
      conserved(printed, 2);
    },
  );

  it("credits under last the channel each conversion happened on", async () => {
    const own = new Map<string, { count: number; cents: bigint }>();
    for (const line of readFileSync(join(folder, log[0]), "utf8").split(/\r?\n/)) {
      const [, , , conversion, value = "", channel = ""] = line.split(",");
      if (conversion !== "1") continue;
      const was = own.get(channel) ?? { count: 0, cents: 0n };
      own.set(channel, { count: was.count + 1, cents: was.cents + units(value, 2) });
    }
    const { payees } = await attribute(...log, "--model", "last");
    for (const it of payees)
      expect({ count: Number(it.conversions), cents: units(it.value, 2) }).toEqual(own.get(it.payee));
  });
});
