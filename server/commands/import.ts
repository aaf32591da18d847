import { resolve } from "node:path";
import { isCurrency } from "../../shared/kit/currency.ts";
import { isDay } from "../../shared/kit/time.ts";
import { known } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import { importHistory } from "../history/import.ts";
import type { Order } from "../history/passes.ts";
import type { World } from "../world.ts";
import { type Arguments, type Command, exits, type Io, misuse } from "./command.ts";
import { brandIn, folderIn, folderOption, inWorld, mustHold, refusal, USUAL_ORIGIN } from "./folder.ts";
import { presetsTold, readingIn, readingOptions } from "./history.ts";
import { asJson, notesOn, told, unfinishedTold } from "./imported.ts";

const MOST_DIGITS = 18;
const USUAL_CURRENCY = "USD";

const resultIn = (args: Arguments): string | undefined => {
  const result = args.text("result");
  if (result === undefined || /^[a-z][a-z0-9-]{0,39}$/.test(result)) return result;
  throw misuse(`--result takes lower-case letters, digits and dashes, such as sale, not "${result}".`);
};

const currencyIn = (args: Arguments): string | undefined => {
  const currency = args.text("currency")?.toUpperCase();
  if (currency === undefined || isCurrency(currency)) return currency;
  throw misuse(`--currency takes an ISO 4217 code such as USD, not "${currency}".`);
};

const exponentIn = (args: Arguments): number | undefined => {
  const text = args.text("exponent");
  if (text === undefined) return undefined;
  if (/^\d{1,2}$/.test(text) && Number(text) <= MOST_DIGITS) return Number(text);
  throw misuse(`--exponent takes the decimals between a value and minor units, 0 to ${MOST_DIGITS}, not "${text}".`);
};

const dayIn = (args: Arguments, name: "from" | "until"): string | undefined => {
  const text = args.text(name);
  if (text === undefined || isDay(text)) return text;
  throw misuse(`--${name} takes a day such as 2026-01-31, not "${text}".`);
};

const daysIn = (args: Arguments): Order["days"] => {
  const [from, until] = [dayIn(args, "from"), dayIn(args, "until")];
  if (from !== undefined && until !== undefined && from > until)
    throw misuse(`--from ${from} comes after --until ${until}.`);
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
};

const wished = (args: Arguments) => {
  const reading = readingIn(args);
  const campaign = args.text("campaign");
  if (campaign === undefined) throw misuse("--campaign is missing: its id or its exact name.");
  return {
    reading,
    campaign,
    house: args.text("house")?.trim() || "house",
    result: resultIn(args),
    currency: currencyIn(args),
    exponent: exponentIn(args),
    days: daysIn(args),
  };
};

const campaignIn = async (reader: Reader, asked: string): Promise<CampaignDoc> => {
  const all = (await reader.documents("campaign/")).map(([, body]) => body as unknown as CampaignDoc);
  const [only, another] = all.filter(({ id, name }) => id === asked || name === asked);
  if (only !== undefined && another === undefined) return only;
  const told = all.map(({ id, name }) => `${id} (${name})`).join(", ");
  if (only !== undefined) throw refusal(`Several campaigns are called "${asked}". Name one by its id: ${told}.`);
  const others = all.length === 0 ? "there is none yet. Make one in the console" : `there are ${told}`;
  throw refusal(`There is no campaign "${asked}"; ${others}.`);
};

/**
 * Where neither the file nor the command says a currency, it is the one the campaign's contracts pay in: those that were
 * signed, and only while there is none of them, what is offered.
 */
const usualCurrency = async (reader: Reader, campaign: string): Promise<string> => {
  const prefix = `campaign-contract/${campaign}/`;
  const [signed, open] = [new Set<string>(), new Set<string>()];
  for (const [key] of await reader.documents(prefix)) {
    const { terms, versions } = await known<ContractDoc>(reader, `contract/${key.slice(prefix.length)}`);
    if (terms !== null) (versions.length > 0 ? signed : open).add(terms.currency);
  }
  const found = signed.size > 0 ? signed : open;
  const [only = USUAL_CURRENCY, another] = found;
  if (another === undefined) return only;
  throw misuse(
    `The campaign's contracts pay in ${[...found].sort().join(" and ")}. Say which the file means: --currency.`,
  );
};

const importInto = async (world: World, args: Arguments, io: Io): Promise<void> => {
  const { reading, campaign: asked, currency, days, ...wish } = wished(args);
  const shown = args.operands[0] ?? "";
  const brand = await brandIn(world.store, args.text("brand"));
  const reader = readerOf(world.store, brand);
  const campaign = await campaignIn(reader, asked);
  const usual = currency ?? (await usualCurrency(reader, campaign.id));
  const done = await importHistory(world, {
    file: { path: resolve(io.cwd, shown), shown },
    reading,
    brand,
    manner: { ...wish, campaign: campaign.id, currency, usualCurrency: usual, now: world.now() },
    days,
    isTrial: args.flag("check"),
    watch: io.progress,
  });
  if (done.kind !== "paths" && Object.keys(days).length > 0)
    io.err("note: events say themselves when they were; --from and --until mean nothing for them.\n");
  io.out(args.flag("json") ? asJson(brand, campaign, done) : told(shown, campaign, done));
  io.err(notesOn(done));
};

const importAndTell = async (world: World, args: Arguments, io: Io): Promise<void> => {
  try {
    await importInto(world, args, io);
  } finally {
    io.err(await unfinishedTold(world.store));
  }
};

const more = `
A file of events has the columns visitor, at, event, payee, and any of value, currency, id; makegood attribute --help says
all about them. Payees are matched to the brand's influencers by their exact name, and become influencers where there is
none. Visitors are kept as keyed digests, never by their names. A touch is credited to the contract its payee has signed
in this campaign, where its days cover the touch; so contracts are signed first, then the past is imported. Results count
as confirmed by the brand. Their touches may be up to 365 days older, whatever order the file is in.

A file of paths has the columns path, total_conversions, total_conversion_value and total_null. It says neither who nor
when, so nobody is paid for what is in it: models learn from it, and the campaign's attribution page shows it. --from and
--until say which days it is of. Paths that led to nothing belong in it (total_null): without them a model learns only
from those who bought. Bring each file of paths once; two that overlap count what they share twice.

Every line is checked before the first is written; --check stops there. Importing a file again, or one of events that
overlaps with it, adds only what is new. An import that broke off is remembered, is told of until it is done again, and is
then finished from where it stopped. A result whose id is recorded with other contents is refused. A running server sees
what is imported.

  makegood import log.csv --brand Acme --campaign Summer --result sale \\
    --map visitor=customer_id,at=time,event=conversion,payee=channel,value=conversion_value

Files of other tools are read with --preset, where --map and --event may still say otherwise:

${presetsTold()}
segment and rudderstack: who is anonymous_id, or else user_id; when is timestamp, in UTC; the payee is the campaign's
source (utm_source). Order Completed is a sale, by its order_id, worth its revenue; Signed Up is signup, Trial Started is
trial, and every other event that names a source is a touch. snowplow: who is domain_userid, or else user_id; when is
derived_tstamp or collector_tstamp; the payee is mkt_source; transaction is a sale, worth tr_total. What is neither is
left out, and counted. ga4-paths: lines that begin with # come first and say which days; steps are read as a list or
between arrows, "x 2" as two of them.

  makegood import calls.jsonl --campaign Summer --preset segment --event "Demo Booked=lead" --map payee=context.campaign.name

Values become whole minor units: --exponent says how many decimals lie between, 2 where 12.34 is 1234 cents, 0 where the
file counts cents already. Without it the currency decides. Nothing is rounded: a value finer than that is refused,
except in files of paths, for which nobody is paid.`;

/** `makegood import`: a file of events or paths as a brand's past. */
export const command: Command = {
  name: "import",
  says: "Load a file of events or paths as the history of a campaign.",
  usage: "FILE --brand B --campaign C [options]",
  operands: [1, 1],
  options: {
    brand: { value: "ID", says: "the brand, by its id or exact name; may be left out if there is only one" },
    campaign: { value: "ID", says: "the campaign, by its id or exact name" },
    folder: folderOption,
    ...readingOptions,
    result: { value: "NAME", says: "the event column holds 1 or 0; a 1 is this result" },
    house: { value: "NAME", says: 'the payee that is the brand itself; "house" when not given' },
    exponent: { value: "2", says: "decimals from a value to minor units; the currency's own when not given" },
    currency: { value: "USD", says: "the currency of values; the file's, else the contracts' when not given" },
    from: { value: "DAY", says: "the first day a file of paths is of, such as 2026-01-01" },
    until: { value: "DAY", says: "its last day" },
    check: { says: "read and check everything, and write nothing" },
    json: { says: "print one JSON object" },
  },
  more,
  run: async (args, io) => {
    wished(args);
    const folder = folderIn(args, io);
    mustHold(folder);
    await inWorld(folder, USUAL_ORIGIN, (world) => importAndTell(world, args, io));
    return exits.fine;
  },
};
