import type * as v from "valibot";
import type * as contracts from "../../../shared/wire/contracts.ts";
import type * as life from "../../../shared/wire/shown.contract.ts";
import type * as judged from "../../../shared/wire/shown.conversion.ts";
import type * as shown from "../../../shared/wire/shown.ts";
import type * as statements from "../../../shared/wire/statements.ts";

/** What the doors answer, as types. */
export type Campaign = v.InferOutput<typeof shown.Campaign>;
export type CampaignPage = v.InferOutput<typeof shown.CampaignPage>;
export type Considered = v.InferOutput<typeof judged.ConsideredTouch>;
export type ClosedStatement = v.InferOutput<typeof statements.ClosedStatements>["statements"][number];
export type Contract = v.InferOutput<typeof shown.Contract>;
export type ContractVersion = v.InferOutput<typeof contracts.ContractVersion>;
export type ConversionPage = v.InferOutput<typeof judged.ConversionPage>;
export type ConversionRow = v.InferOutput<typeof judged.ConversionRow>;
export type ExplainedStatement = v.InferOutput<typeof shown.ExplainedStatement>;
export type Grade = v.InferOutput<typeof judged.Grade>;
export type Host = v.InferOutput<typeof shown.Host>;
export type Influencer = v.InferOutput<typeof shown.Influencer>;
export type Link = v.InferOutput<typeof shown.Link>;
export type MoneyByStage = v.InferOutput<typeof shown.MoneyByStage>;
export type PeriodStatement = v.InferOutput<typeof shown.PeriodStatement>;
export type PollPage = v.InferOutput<typeof shown.PollPage>;
export type Proposal = v.InferOutput<typeof life.Proposal>;
export type VerdictPart = v.InferOutput<typeof judged.VerdictPart>;
