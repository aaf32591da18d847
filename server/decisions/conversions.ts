import { createHash } from "node:crypto";
import { type Answers, accept, type Question } from "../../shared/audience/poll.ts";
import { isOffice } from "../../shared/judge/quality.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import { easeDisputes } from "../engine/due.dispute.ts";
import { bearsOn } from "../engine/person.ts";
import { postMoney } from "../engine/posting.ts";
import { judge, judgeWhatRests } from "../engine/react.ts";
import type { Work } from "../engine/record.ts";
import type { ContractDoc, ConversionDoc, HostDoc, PollDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";

/** A result on its way in, whoever reports it. */
export interface Reported {
  readonly conversion: string;
  readonly result: string;
  readonly externalId: string;
  readonly at: number;
  /** When the reporter says it happened, where that is another instant than `at`. */
  readonly saidAt?: number | undefined;
  readonly via: "page" | "server" | "import";
  readonly robot: boolean;
  readonly valueMinor?: number | undefined;
  readonly currency?: string | undefined;
  readonly visitor?: string | undefined;
  readonly clicks: readonly string[];
  readonly link?: string | undefined;
  readonly code?: string | undefined;
  readonly digest?: string | undefined;
  readonly host?: string | undefined;
  readonly campaign?: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/** What makes two reports the same: everything said about the result, but not who it was given the id of. */
export const bodyHashOf = (
  { conversion: _, at, saidAt = at, via, robot: __, host: ___, fields, ...said }: Reported,
  stated: boolean,
): string => {
  const body = { ...said, fields, via, ...(stated && { at: saidAt }) };
  return createHash("sha256")
    .update(canonical(body as unknown as Json))
    .digest("hex");
};

const campaignsOf = async (unit: Unit, it: Reported): Promise<readonly string[]> => {
  const found = new Set<string>(it.campaign ? [it.campaign] : []);
  const host = it.host && (await read<HostDoc>(unit, `host/${it.host}`));
  for (const campaign of host ? host.campaigns : []) found.add(campaign);
  const code = it.code && (await read<{ contract: string }>(unit, `code/${it.code}`));
  const links = [...it.clicks.map((click) => click.split(".")[0] ?? ""), it.link ?? ""].filter((link) => link !== "");
  for (const link of links) {
    const made = await read<{ contract: string }>(unit, `link/${link}`);
    const contract = made && (await read<ContractDoc>(unit, `contract/${made.contract}`));
    if (contract) found.add(contract.campaign);
  }
  const promised = code && (await read<ContractDoc>(unit, `contract/${code.contract}`));
  if (promised) found.add(promised.campaign);
  if (found.size > 0) return [...found].sort();
  const all = await unit.documents("campaign/");
  return all.length === 1 ? all.map(([key]) => key.slice("campaign/".length)) : [];
};

const conversionOf = async (unit: Unit, conversion: string): Promise<Result<ConversionDoc>> => {
  const doc = await read<ConversionDoc>(unit, `conversion/${conversion}`);
  return doc ? ok(doc) : refuse("not-found", `There is no conversion ${conversion}.`);
};

const contractsOf = ({ verdict }: ConversionDoc): readonly string[] =>
  (verdict?.parts ?? []).map(({ contract }) => contract);

const hasCounted = (doc: ConversionDoc): boolean => Object.keys(doc.countedAt).length > 0;

/**
 * Anybody can make a page say a result under an id the brand's server has yet to give. Such a report gives way to the
 * server's, unless it has counted or the brand has approved it.
 */
const givesWay = async (unit: Unit, conversion: string, { via }: Reported): Promise<boolean> => {
  if (via === "page") return false;
  const before = await conversionOf(unit, conversion);
  return before.ok && before.value.recorded.via === "page" && !before.value.approved && !hasCounted(before.value);
};

/**
 * Take in a result. Idempotent by (brand, result, external id): the same report again gives the same conversion, a
 * different one under the same id is refused and changes nothing. `stated`: the reporter said when it happened.
 */
export const report =
  (it: Reported, stated: boolean, by: string): Work<{ readonly conversion: string; readonly fresh: boolean }> =>
  async (unit) => {
    const bodyHash = bodyHashOf(it, stated);
    const before = await read<{ conversion: string; bodyHash: string }>(unit, `external/${it.result}/${it.externalId}`);
    if (before?.bodyHash === bodyHash) return ok({ conversion: before.conversion, fresh: false });
    const isOpen = before === undefined || (await givesWay(unit, before.conversion, it));
    if (!isOpen)
      return refuse(
        "already-recorded",
        `A ${it.result} with the id ${it.externalId} is already recorded, with other contents. Nothing was changed.`,
      );
    const { fields, host: _, campaign: __, saidAt: ___, ...rest } = it;
    const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const campaigns = await campaignsOf(unit, it);
    // What came after the report that gives way no longer comes after it.
    const replaced = before ? await bearsOn(unit, before.conversion, { leaves: true }) : [];
    if (before) await rejected(before.conversion, "duplicate", undefined, by)(unit);
    if (Object.keys(fields).length > 0) unit.setPrivate(`lead/${it.conversion}`, fields);
    const office = isOffice({ fields, at: it.at }) ? { isOffice: true } : {};
    await unit.record({ type: "conversion-recorded", ...said, ...office, bodyHash, campaigns } as never, by);
    await judge(unit, [it.conversion, ...replaced], by);
    return ok({ conversion: it.conversion, fresh: true });
  };

/** Approve a conversion; approving again changes nothing. */
export const approve =
  (conversion: string, by: string): Work<string> =>
  async (unit) => {
    const doc = await conversionOf(unit, conversion);
    if (!doc.ok) return doc;
    if (doc.value.approved) return ok(conversion);
    if (doc.value.rejected && hasCounted(doc.value))
      return refuse(
        "already-taken-back",
        "This conversion had counted and was then rejected; that is on its statement and stays there.",
      );
    await unit.record({ type: "conversion-approved", conversion }, by);
    await postMoney(unit, conversion, by);
    await judgeWhatRests(unit, doc.value, by);
    return ok(conversion);
  };

/** Reject a conversion for a coded reason; what it had earned is taken back. The note may be personal and is kept apart. */
export const reject =
  (conversion: string, reason: string, note: string | undefined, by: string): Work<string> =>
  async (unit) => {
    const before = await conversionOf(unit, conversion);
    const done = await rejected(conversion, reason, note, by)(unit);
    if (before.ok && done.ok) await judgeWhatRests(unit, before.value, by);
    return done;
  };

const rejected =
  (conversion: string, reason: string, note: string | undefined, by: string): Work<string> =>
  async (unit) => {
    const doc = await conversionOf(unit, conversion);
    if (!doc.ok) return doc;
    if (doc.value.rejected) return ok(conversion);
    await unit.record({ type: "conversion-rejected", conversion, reason }, by);
    if (note) unit.setPrivate(`note/${conversion}`, { note });
    await postMoney(unit, conversion, by);
    await easeDisputes(unit, conversion, contractsOf(doc.value), by);
    return ok(conversion);
  };

/** Take back part of a conversion. The same reversal id acts once; together they never exceed the whole. */
export const reverse =
  (conversion: string, reversal: string, permille: number, by: string, note?: string): Work<string> =>
  async (unit) => {
    const doc = await conversionOf(unit, conversion);
    if (!doc.ok) return doc;
    const same = doc.value.reversals.find(({ id }) => id === reversal);
    if (same?.permille === permille) return ok(conversion);
    if (same)
      return refuse(
        "already-recorded",
        `The reversal ${reversal} is already recorded with ${same.permille} ‰. Nothing was changed.`,
      );
    if (doc.value.rejected)
      return refuse("conversion-rejected", "This conversion was rejected; there is nothing left to take back.");
    const left = 1000 - doc.value.reversals.reduce((sum, it) => sum + it.permille, 0);
    if (permille > left) return refuse("more-than-whole", `Only ${left} ‰ of this conversion are left to take back.`);
    await unit.record({ type: "conversion-reversed", conversion, reversal, permille }, by);
    if (note) unit.setPrivate(`note/${conversion}/${reversal}`, { note });
    await postMoney(unit, conversion, by);
    await easeDisputes(unit, conversion, contractsOf(doc.value), by);
    return ok(conversion);
  };

const texts = (questions: readonly Question[], answers: Answers) =>
  questions.flatMap(({ id, kind }) =>
    kind === "text" && typeof answers[id] === "string" ? [{ question: id, text: String(answers[id]) }] : [],
  );

/** Take a visitor's answers to a poll that is open; one page view answers once. Free texts are kept apart from facts. */
export const answerPoll =
  (
    poll: string,
    nonce: string,
    given: Answers,
    link: string | undefined,
  ): Work<{ readonly counted: boolean; readonly showResults: boolean }> =>
  async (unit) => {
    const doc = await read<PollDoc>(unit, `poll/${poll}`);
    if (!doc) return refuse("not-found", "This poll does not exist.");
    const { showResults } = doc;
    if (await unit.document(`poll-answer/${poll}/${nonce}`)) return ok({ counted: false, showResults });
    if (!doc.open) return refuse("poll-closed", "This poll is closed.");
    const accepted = accept(doc.questions, given);
    if (!accepted.ok) return accepted;
    const written = texts(doc.questions, accepted.value);
    // The fact says that a text was given, never what it says.
    const answers = Object.fromEntries(
      Object.entries(accepted.value).map(([id, answer]) => [
        id,
        written.some(({ question }) => question === id) ? "text" : answer,
      ]),
    );
    await unit.record(
      { type: "poll-answered", poll, answer: nonce, answers, ...(link !== undefined && { link }) },
      "page",
    );
    written.forEach((it, index) => {
      unit.setPrivate(`poll-text/${poll}/${String(unit.now).padStart(15, "0")}/${nonce}/${index}`, {
        ...it,
        at: unit.now,
      });
    });
    return ok({ counted: true, showResults });
  };
