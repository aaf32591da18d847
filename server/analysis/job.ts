import type { Fit } from "../../shared/judge/fit.ts";
import type { Result } from "../../shared/kit/shape.ts";
import { readerOf } from "../engine/reader.ts";
import type { Store } from "../store/store.ts";
import { type FitOrder, fitOf } from "./fitting.ts";
import { pageOf } from "./page.ts";
import type { Question } from "./question.ts";

/** An analysis to be made of one brand. */
export type Job =
  | { readonly kind: "page"; readonly brand: string; readonly question: Question; readonly asOf: number }
  | { readonly kind: "fit"; readonly brand: string; readonly order: FitOrder };

/** What comes of each kind of analysis. */
export interface Done {
  readonly page: Awaited<ReturnType<typeof pageOf>>;
  readonly fit: Result<Fit>;
}

/** How much is looked at, and who may do something in between. */
export interface Manner {
  readonly mostTouches: number;
  breathe(): Promise<void>;
}

/** Make an analysis of what a store holds. */
export const made = async (store: Store, job: Job, { mostTouches, breathe }: Manner): Promise<Done[Job["kind"]]> => {
  const { brand } = job;
  const desk = { brand, store, reader: readerOf(store, brand), mostTouches, breathe };
  return job.kind === "page" ? pageOf(desk, job.question, job.asOf) : fitOf(desk, job.order);
};
