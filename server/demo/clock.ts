import type { Store } from "../store/store.ts";

/** A clock that can be set to an instant, to live through a past, and that goes on by itself when let go. */
export interface DemoClock {
  readonly now: () => number;
  turnTo(at: number): void;
  letGo(): void;
}

/** The machine's own clock, or another, until somebody turns it. */
export const openClock = (own: () => number = Date.now): DemoClock => {
  let held: number | undefined;
  return {
    now: () => held ?? own(),
    turnTo: (at) => {
      held = at;
    },
    letGo: () => {
      held = undefined;
    },
  };
};

/** Something that happens at an instant. */
export interface Moment {
  readonly at: number;
  readonly act: () => Promise<unknown>;
}

interface Life {
  readonly store: Pick<Store, "documents">;
  readonly brand: string;
  readonly clock: DemoClock;
  /** Let happen what has fallen due. */
  readonly ripen: () => Promise<unknown>;
}

const nextDue = async ({ store, brand }: Life): Promise<number> => {
  const [first] = await store.documents(brand, { prefix: "due/", limit: 1 });
  return first ? Number(first[0].split("/")[1]) : Number.POSITIVE_INFINITY;
};

/** Let time pass until an instant: whatever falls due on the way happens when it is due, as on a server that never slept. */
const pass = async (life: Life, until: number): Promise<void> => {
  for (let due = await nextDue(life); due <= until; due = await nextDue(life)) {
    life.clock.turnTo(Math.max(due, life.clock.now()));
    await life.ripen();
  }
  life.clock.turnTo(until);
};

/** Live through moments in the order of time, from wherever the clock stands to an instant. */
export const liveThrough = async (life: Life, moments: readonly Moment[], until: number): Promise<void> => {
  const inTime = moments.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
  for (const { at, act } of inTime) {
    await pass(life, Math.max(at, life.clock.now()));
    await act();
  }
  await pass(life, until);
};
