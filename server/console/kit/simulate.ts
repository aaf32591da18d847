import { type ReadonlySignal, signal, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { readTerms } from "../../../shared/contract/sense.ts";
import type { Json } from "../../../shared/kit/canonical.ts";
import { type Simulation, simulating } from "../../../shared/pay/simulate.ts";
import {
  decisive,
  type Expectation,
  LARGEST_MEAN_MICRO,
  LARGEST_SWING_BP,
  LARGEST_VALUE_MINOR,
  USUAL_RUNS,
  usualExpectations,
} from "../../../shared/pay/simulate.wish.ts";

/** What somebody expects instead of what is usual: results by name, each value only where it was changed, and the seed. */
export interface Expected {
  readonly seed: number;
  readonly per: Readonly<Record<string, Partial<Omit<Expectation, "result">>>>;
}

/** Nothing was changed. */
export const asUsual: Expected = { seed: 1, per: {} };

const PARAM = "expect";
const fields = [
  ["meanMicro", LARGEST_MEAN_MICRO],
  ["swingBp", LARGEST_SWING_BP],
  ["valueMinor", LARGEST_VALUE_MINOR],
  ["valueSwingBp", LARGEST_SWING_BP],
] as const;

/** What is expected as the part of an address that says so: `1_lead.60000000.3000..`; empty when everything is as usual. */
export const written = ({ seed, per }: Expected): string => {
  const all = Object.entries(per).map(([result, it]) => [result, ...fields.map(([name]) => it[name] ?? "")].join("."));
  return seed === asUsual.seed && all.length === 0 ? "" : [seed, ...all].join("_");
};

const isWhole = (text: string, most: number): boolean => /^\d{1,16}$/.test(text) && Number(text) <= most;

/** What an address says is expected; what cannot be read in it is as usual. */
export const readExpected = (text: string): Expected => {
  const [first = "", ...rest] = text.split("_");
  const per = rest.flatMap((part) => {
    const [result = "", ...numbers] = part.split(".");
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(result)) return [];
    const found = fields.flatMap(([name, most], index) => {
      const number = numbers[index] ?? "";
      return isWhole(number, most) ? [[name, Number(number)] as const] : [];
    });
    return [[result, Object.fromEntries(found)] as const];
  });
  return { seed: isWhole(first, 4_294_967_295) ? Number(first) : asUsual.seed, per: Object.fromEntries(per) };
};

/** What this page's address says is expected. */
const expectedHere = (): Expected => readExpected(new URLSearchParams(location.search).get(PARAM) ?? "");

/** Keep what is expected in the address, so that the page can be shared or opened again as it is. */
const keepHere = (expected: Expected): void => {
  const address = new URL(location.href);
  const text = written(expected);
  if (text === "") address.searchParams.delete(PARAM);
  else address.searchParams.set(PARAM, text);
  history.replaceState(history.state, "", address);
};

/** The expectations of a picture: what is usual for the terms, and what was changed of it. */
export const expectationsOf = (usual: readonly Expectation[], { per }: Expected): readonly Expectation[] =>
  usual.map((it) => ({ ...it, ...per[it.result] }));

/** How the picture of a draft stands. While a new one is made the last one stays; `refused`: the draft is no terms yet. */
export interface Picture {
  readonly made: Simulation | null;
  readonly per: readonly Expectation[];
  readonly state: "waiting" | "working" | "shown" | "refused";
}

const PAUSE_MS = 200;
const SLICE_MS = 10;

/** Do some work in slices, with a rest after each in which keys and clicks are heard; stops when it is told to. */
const sliced = (work: Generator<number, Simulation, void>, done: (made: Simulation) => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slice = (): void => {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      const step = work.next();
      if (step.done !== true) continue;
      done(step.value);
      return;
    }
    timer = setTimeout(slice);
  };
  slice();
  return () => clearTimeout(timer);
};

/** Makes pictures one at a time: asked for another, it gives up the one it is at. */
export interface Painter {
  readonly picture: ReadonlySignal<Picture>;
  ask(draft: Json, expected: Expected): void;
  close(): void;
}

/** Begin with no picture. `rest` is how long a draft must have been left alone. */
export const openPainter = (rest = PAUSE_MS): Painter => {
  const picture = signal<Picture>({ made: null, per: [], state: "waiting" });
  let stop = (): void => undefined;
  let asked = "";
  const paint = (draft: Json, expected: Expected): void => {
    const read = readTerms(draft);
    if (!read.ok || decisive(read.terms).length === 0) {
      picture.value = { ...picture.peek(), state: "refused" };
      return;
    }
    const { terms } = read;
    const per = expectationsOf(usualExpectations(terms), expected);
    picture.value = { ...picture.peek(), per, state: "working" };
    const wish = { seed: expected.seed, runs: USUAL_RUNS, rejectBp: 0, refundBp: 0 };
    stop = sliced(simulating(terms, { ...wish, from: { kind: "stated", per } }), (made) => {
      picture.value = { made, per, state: "shown" };
    });
  };
  const ask = (draft: Json, expected: Expected): void => {
    const question = JSON.stringify([draft, expected]);
    if (question === asked) return;
    asked = question;
    stop();
    const timer = setTimeout(() => paint(draft, expected), rest);
    stop = () => clearTimeout(timer);
  };
  return { picture, ask, close: () => stop() };
};

/** The picture of a draft, made again a moment after it or what is expected changes, and what is expected with a way to change it. */
export const usePicture = (draft: Json) => {
  const painter = useMemo(() => openPainter(), []);
  const expected = useSignal<Expected>(expectedHere());
  const now = expected.value;
  useEffect(() => painter.ask(draft, now), [painter, draft, now]);
  useEffect(() => () => painter.close(), [painter]);
  const expect = (next: Expected): void => {
    expected.value = next;
    keepHere(next);
  };
  return { picture: painter.picture, expected, expect };
};
