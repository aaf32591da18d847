import { ok, type Result, refuse } from "../../shared/kit/shape.ts";

/** Our name of a column to the names it may have in the file, dotted in JSON: the first that is filled counts. */
export type Candidates = Readonly<Record<string, readonly string[]>>;

/** How the files of one tool are read. */
export interface Preset {
  readonly says: string;
  readonly holds: "paths" | "events";
  readonly columns: Candidates;
  /** Names of events that are results or views, as `foldedEvent` writes them. Everything else is a touch where it names a payee. */
  readonly events: Readonly<Record<string, string>>;
  /** Do lines before the header begin with `#`? */
  readonly comments?: boolean;
  /** The fields of a file that does not name them. */
  readonly unnamed?: readonly string[];
}

/** An event's name as presets list it: lower-case words, one space apart, however the exporter joins them. */
export const foldedEvent = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");

// Warehouses write their columns in snake case; the calls themselves, one JSON object a line, in camel case and deeper.
const track: Preset = {
  says: "track calls: warehouse tables as CSV, or the calls as JSON, one a line",
  holds: "events",
  columns: {
    visitor: ["anonymous_id", "anonymousId", "user_id", "userId"],
    at: ["timestamp", "original_timestamp", "originalTimestamp", "sent_at", "sentAt", "received_at", "receivedAt"],
    event: ["event", "event_text", "type"],
    payee: ["context_campaign_source", "context.campaign.source", "utm_source"],
    value: ["revenue", "properties.revenue", "total", "properties.total", "value", "properties.value"],
    currency: ["currency", "properties.currency"],
    order: ["order_id", "properties.order_id", "properties.orderId", "orderId"],
    id: ["id", "message_id", "messageId"],
  },
  events: {
    "order completed": "sale",
    "signed up": "signup",
    "trial started": "trial",
    "ad viewed": "view",
  },
};

const ENRICHED =
  `app_id platform etl_tstamp collector_tstamp dvce_created_tstamp event event_id txn_id name_tracker v_tracker
v_collector v_etl user_id user_ipaddress user_fingerprint domain_userid domain_sessionidx network_userid geo_country
geo_region geo_city geo_zipcode geo_latitude geo_longitude geo_region_name ip_isp ip_organization ip_domain ip_netspeed
page_url page_title page_referrer page_urlscheme page_urlhost page_urlport page_urlpath page_urlquery page_urlfragment
refr_urlscheme refr_urlhost refr_urlport refr_urlpath refr_urlquery refr_urlfragment refr_medium refr_source refr_term
mkt_medium mkt_source mkt_term mkt_content mkt_campaign contexts se_category se_action se_label se_property se_value
unstruct_event tr_orderid tr_affiliation tr_total tr_tax tr_shipping tr_city tr_state tr_country ti_orderid ti_sku
ti_name ti_category ti_price ti_quantity pp_xoffset_min pp_xoffset_max pp_yoffset_min pp_yoffset_max useragent br_name
br_family br_version br_type br_renderengine br_lang br_features_pdf br_features_flash br_features_java
br_features_director br_features_quicktime br_features_realplayer br_features_windowsmedia br_features_gears
br_features_silverlight br_cookies br_colordepth br_viewwidth br_viewheight os_name os_family os_manufacturer
os_timezone dvce_type dvce_ismobile dvce_screenwidth dvce_screenheight doc_charset doc_width doc_height tr_currency
tr_total_base tr_tax_base tr_shipping_base ti_currency ti_price_base base_currency geo_timezone mkt_clickid mkt_network
etl_tags dvce_sent_tstamp refr_domain_userid refr_dvce_tstamp derived_contexts domain_sessionid derived_tstamp
event_vendor event_name event_format event_version event_fingerprint true_tstamp`.split(/\s+/);

/** Every preset: a tool's name, and how its files are read. */
export const presets: Readonly<Record<string, Preset>> = {
  "ga4-paths": {
    says: "the attribution paths report of Google Analytics 4, downloaded as CSV",
    holds: "paths",
    columns: {
      path: [
        "primary channel group path",
        "default channel group path",
        "source / medium path",
        "source path",
        "medium path",
        "campaign path",
        "default channel group",
        "primary channel group",
        "path",
      ],
      conversions: ["key events", "conversions", "total_conversions"],
      value: ["purchase revenue", "total revenue", "revenue", "total_conversion_value"],
      null: ["total_null"],
    },
    events: {},
    comments: true,
  },
  segment: track,
  rudderstack: track,
  snowplow: {
    says: "atomic events, with or without a header: enriched TSV, CSV, or JSON, one a line",
    holds: "events",
    columns: {
      visitor: ["domain_userid", "user_id", "network_userid"],
      at: ["derived_tstamp", "collector_tstamp"],
      event: ["event_name", "event"],
      payee: ["mkt_source"],
      value: ["tr_total"],
      currency: ["tr_currency"],
      order: ["tr_orderid"],
      id: ["event_id"],
    },
    events: { transaction: "sale", "ad impression": "view" },
    unnamed: ENRICHED,
  },
};

/** The preset of a name. */
export const presetOf = (name: string): Result<Preset> => {
  const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (found !== undefined) return ok(found);
  return refuse("preset-unknown", `There is no preset "${name}"; there are ${Object.keys(presets).join(", ")}.`);
};

const OURS = /^(?:touch|view|nothing|[a-z][a-z0-9-]{0,39})$/;

/** Parse `--event "Signed Up=lead"`: what an event of the file is here, a touch, a view, nothing at all, or a result. */
export const eventNamesOf = (texts: readonly string[]): Result<ReadonlyMap<string, string>> => {
  const names = new Map<string, string>();
  for (const pair of texts) {
    const at = pair.lastIndexOf("=");
    const [theirs, ours] = [foldedEvent(pair.slice(0, at)), pair.slice(at + 1).trim()];
    if (at === -1 || theirs === "" || !OURS.test(ours))
      return refuse("event-malformed", `--event takes THEIRS=OURS, such as "Signed Up=lead", not "${pair}".`);
    if (names.has(theirs)) return refuse("event-twice", `--event names the event "${theirs}" twice.`);
    names.set(theirs, ours);
  }
  return ok(names);
};
