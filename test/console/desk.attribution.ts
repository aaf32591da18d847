import { isModelName } from "../../shared/judge/models.ts";
import type { Asked, Refuse } from "./desk.ts";
import * as world from "./world.attribution.ts";
import { NOW } from "./world.ts";

type Doors = Record<string, (asked: Asked) => unknown>;

/** What the small server keeps of attribution: weights, experiments, and how many shares are held. */
export const attributionState = (filled: boolean) => ({
  journeys: filled ? world.attributionPage : world.emptyPage,
  fits: filled ? [...world.fits] : [],
  holdouts: filled ? [world.holdouts.over] : ([] as (typeof world.holdouts)[keyof typeof world.holdouts][]),
  held: 3,
  /** The contracts whose terms allow an experiment, and how many do not. */
  allowing: { contracts: filled ? ["con_mina0000000000000000"] : [], leftOut: 1 },
});

type State = ReturnType<typeof attributionState>;

const MOST_DAYS = 365;

/** What the real server says where a question cannot be read: the place, and why. */
const checked = (query: Readonly<Record<string, string>>, refuse: Refuse): void => {
  const bad = (because: string): never => refuse(422, "bad-query", because);
  if (query.model !== undefined && !isModelName(query.model)) bad(`model: there is no ${query.model}.`);
  for (const name of ["windowDays", "halfLifeDays"] as const) {
    const days = query[name] === undefined ? 1 : Number(query[name]);
    if (!(days >= 1 && days <= MOST_DAYS)) bad(`${name}: must be from 1 to ${MOST_DAYS}.`);
  }
  if (query.from && query.until && query.from > query.until)
    bad(`until: ${query.until} is before from (${query.from}).`);
  if (query.model === "wShaped" && !query.milestones) bad("milestones: give at least one result.");
};

const experimentDoors = (state: State, refuse: Refuse): Doors => ({
  "GET /v1/campaigns/:campaign/holdouts": () => ({ holdouts: state.holdouts }),
  "POST /v1/campaigns/:campaign/holdouts": ({ body, params }) => {
    const { partBp, days } = body as { partBp: number; days?: number };
    const { allowing } = state;
    if (allowing.contracts.length === 0) refuse(409, "holdout-not-allowed", "No running contract allows that.");
    const endsAt = NOW + (days ?? 90) * 86_400_000;
    const nobody = { people: 0, converted: 0, conversions: 0, valueMinor: 0 };
    const begun = { startedAt: NOW, endsAt, endedAt: null, treated: nobody, held: nobody, lift: null };
    const ids = { holdout: `hld_new${state.holdouts.length}`.padEnd(24, "0"), campaign: params.campaign ?? "" };
    const holdout = { ...ids, partBp, ...allowing, ...begun };
    state.holdouts = [holdout, ...state.holdouts];
    return holdout;
  },
  "POST /v1/holdouts/:holdout/end": ({ params }) => {
    state.holdouts = state.holdouts.map((it) => (it.holdout === params.holdout ? { ...it, endedAt: NOW } : it));
    const found = state.holdouts.find((it) => it.holdout === params.holdout);
    return found ?? refuse(404, "not-found", "There is no such experiment.");
  },
});

/** The doors of attribution. */
export const attributionDoors = (state: State, refuse: Refuse): Doors => ({
  ...experimentDoors(state, refuse),
  "GET /v1/campaigns/:campaign/attribution": ({ query }) => {
    checked(query, refuse);
    return state.journeys(query);
  },
  "GET /v1/campaigns/:campaign/fits": () => ({ fits: state.fits }),
  "POST /v1/campaigns/:campaign/fits": ({ body }) => {
    const ordered = body as Parameters<typeof world.fitOf>[0];
    if (ordered.until >= "2026-11-22")
      refuse(422, "bad-query", `until: ${ordered.until} is not over yet. Choose days up to 2026-11-21.`);
    const fit = world.fitOf(ordered, NOW);
    state.fits = [fit, ...state.fits];
    return fit;
  },
  "GET /v1/fits/:hash": ({ params }) =>
    state.fits.find(({ hash }) => hash === params.hash) ?? refuse(404, "not-found", "There are no such weights."),
  "POST /v1/contracts/:contract/release-held": () => {
    const released = Math.min(2, state.held);
    state.held -= released;
    return { released, left: state.held };
  },
});
