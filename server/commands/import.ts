import { resolve } from "node:path";
import { isCurrency } from "../../shared/kit/currency.ts";
import { exponentOf } from "../../shared/kit/money.ts";
import { known } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import { mappingOf } from "../history/columns.ts";
import { type Count, type Imported, importHistory } from "../history/import.ts";
import { plainDecimal } from "../history/number.ts";
import type { World } from "../world.ts";
import { type Arguments, aligned, type Command, exits, type Io, misuse } from "./command.ts";
import { brandIn, folderIn, folderOption, inWorld, mustHold, refusal, USUAL_ORIGIN } from "./folder.ts";

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

const wished = (args: Arguments) => {
  const mapping = mappingOf(args.list("map"));
  if (!mapping.ok) throw misuse(`${mapping.refusal.because}.`);
  const campaign = args.text("campaign");
  if (campaign === undefined) throw misuse("--campaign is missing: its id or its exact name.");
  return {
    mapping: mapping.value,
    campaign,
    house: args.text("house")?.trim() || "house",
    result: resultIn(args),
    currency: currencyIn(args),
    exponent: exponentIn(args),
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

/** Where neither the file nor the command says a currency, it is the one the campaign's contracts pay in. */
const usualCurrency = async (reader: Reader, campaign: string): Promise<string> => {
  const prefix = `campaign-contract/${campaign}/`;
  const found = new Set<string>();
  for (const [key] of await reader.documents(prefix)) {
    const { terms } = await known<ContractDoc>(reader, `contract/${key.slice(prefix.length)}`);
    if (terms !== null) found.add(terms.currency);
  }
  const [only = USUAL_CURRENCY, another] = found;
  if (another === undefined) return only;
  throw misuse(
    `The campaign's contracts pay in ${[...found].sort().join(" and ")}. Say which the file means: --currency.`,
  );
};

const grouped = (count: number): string => count.toLocaleString("en-US");

const counted = ({ fresh, known: before }: Count): string => `${grouped(fresh)} new, ${grouped(before)} already there`;

const isNothingNew = ({ influencers, touches, conversions }: Imported): boolean =>
  influencers.fresh + touches.fresh + conversions.fresh === 0;

const amounts = ({ valueMinor }: Imported): readonly { readonly currency: string; readonly value: string }[] =>
  [...valueMinor].map(([currency, minor]) => ({ currency, value: plainDecimal(minor, exponentOf(currency)) }));

const told = (shown: string, campaign: CampaignDoc, done: Imported): string => {
  const worth = amounts(done).map(({ currency, value }): readonly [string, string] => [
    "worth",
    `${value} ${currency}`,
  ]);
  const rows = aligned([
    ["influencers", counted(done.influencers)],
    ["touches", counted(done.touches)],
    ["conversions", counted(done.conversions)],
    ...worth,
  ]);
  const nothing = isNothingNew(done) ? "Everything in it was there already: nothing was changed.\n" : "";
  return `${shown} is now history of ${campaign.name} (${campaign.id}).\n\n${rows}${nothing}`;
};

const asJson = (brand: string, campaign: CampaignDoc, done: Imported): string => {
  const count = ({ fresh, known: before }: Count) => ({ new: fresh, known: before });
  const { influencers, touches, conversions } = done;
  const counts = { influencers: count(influencers), touches: count(touches), conversions: count(conversions) };
  return `${JSON.stringify({ brand, campaign: campaign.id, ...counts, values: amounts(done) })}\n`;
};

const importInto = async (world: World, args: Arguments, io: Io): Promise<string> => {
  const { mapping, campaign: asked, currency, ...wish } = wished(args);
  const shown = args.operands[0] ?? "";
  const brand = await brandIn(world.store, args.text("brand"));
  const reader = readerOf(world.store, brand);
  const campaign = await campaignIn(reader, asked);
  const usual = currency ?? (await usualCurrency(reader, campaign.id));
  const done = await importHistory(world, {
    file: { path: resolve(io.cwd, shown), shown },
    mapping,
    brand,
    manner: { ...wish, campaign: campaign.id, currency, usualCurrency: usual, now: world.now() },
    watch: io.progress,
  });
  return args.flag("json") ? asJson(brand, campaign, done) : told(shown, campaign, done);
};

const more = `
The file has the columns visitor, at, event, payee, and any of value, currency, id; makegood attribute --help says all
about them. Every line is checked before the first is written. Payees are matched to the brand's influencers by their
exact name, and become influencers where there is none. Visitors are kept as keyed digests, never by their names.

A touch is credited to the contract its payee has signed in this campaign, where its days cover the touch; so contracts
are signed first, then the past is imported. Results count as confirmed by the brand. Their touches may be up to 365 days
older, whatever order the file is in.

Importing a file again, or one that overlaps with it, adds only what is new; so an import that broke off is finished by
doing it again. A result whose id is recorded with other contents is refused. A running server sees what is imported.

  makegood import log.csv --brand Acme --campaign Summer --result sale \\
    --map visitor=customer_id,at=time,event=conversion,payee=channel,value=conversion_value

Values become whole minor units: --exponent says how many decimals lie between, 2 where 12.34 is 1234 cents, 0 where the
file counts cents already. Without it the currency decides. Nothing is rounded: a value finer than that is refused.`;

/** `makegood import`: an event log as a brand's past. */
export const command: Command = {
  name: "import",
  says: "Load a file of events as the history of a campaign.",
  usage: "FILE --brand B --campaign C [options]",
  operands: [1, 1],
  options: {
    brand: { value: "ID", says: "the brand, by its id or exact name; may be left out if there is only one" },
    campaign: { value: "ID", says: "the campaign, by its id or exact name" },
    folder: folderOption,
    map: { value: "OURS=THEIRS,…", many: true, says: "other names of columns" },
    result: { value: "NAME", says: "the event column holds 1 or 0; a 1 is this result" },
    house: { value: "NAME", says: 'the payee that is the brand itself; "house" when not given' },
    exponent: { value: "2", says: "decimals from a value to minor units; the currency's own when not given" },
    currency: { value: "USD", says: "the currency of values; the file's, else the contracts' when not given" },
    json: { says: "print one JSON object" },
  },
  more,
  run: async (args, io) => {
    wished(args);
    const folder = folderIn(args, io);
    mustHold(folder);
    io.out(await inWorld(folder, USUAL_ORIGIN, (world) => importInto(world, args, io)));
    return exits.fine;
  },
};
