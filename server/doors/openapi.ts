import type * as v from "valibot";
import pkg from "../../package.json" with { type: "json" };
import { doors } from "../../shared/wire/doors.ts";
import type { Audience, Endpoint } from "../../shared/wire/endpoint.ts";
import { live } from "../../shared/wire/live.ts";
import * as settings from "../../shared/wire/payout-settings.ts";
import { payoutFile } from "../../shared/wire/payouts.ts";
import { certificate } from "../../shared/wire/seal.ts";
import { sessionCookie } from "../people/routes.ts";
import { jsonSchema, named } from "./json-schema.ts";
import { opensToExtensions } from "./pocket.ts";
import { shapes } from "./shapes.ts";

const security: Readonly<Record<Audience, readonly object[]>> = {
  anyone: [],
  page: [],
  brand: [{ session: [] }],
  influencer: [{ session: [] }, { extension: [] }],
  server: [{ secretKey: [] }],
};

const securityOf = (door: Endpoint): readonly object[] =>
  door.audience
    .flatMap((audience) => security[audience])
    .filter((it) => !("extension" in it) || opensToExtensions(door));

const path = (it: string): string => it.replace(/:(\w+)/g, "{$1}");

const inPath = (it: string) =>
  [...it.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));

const inQuery = (query: v.GenericSchema) => {
  const { properties = {}, required = [] } = jsonSchema(query, shapes) as {
    properties?: Record<string, object>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
};

/** What doors answer with that do not answer in JSON. */
const types: Readonly<Record<string, readonly string[]>> = {
  [live.path]: ["text/event-stream"],
  [certificate.path]: ["application/pdf"],
  [payoutFile.path]: ["text/csv", "application/xml"],
};

const replies = (door: Endpoint) => {
  if (door.reply.type === "undefined") return { 204: { description: "Done." } };
  const schema = jsonSchema(door.reply, shapes);
  const content = (types[door.path] ?? ["application/json"]).map((type) => [type, { schema }]);
  return { 200: { description: door.says, content: Object.fromEntries(content) } };
};

const moving: ReadonlySet<Endpoint> = new Set<Endpoint>([
  settings.fundDeposit,
  settings.reserveDeposit,
  settings.releaseDeposit,
  settings.remitTax,
]);

/** The header under which a request acts once, for whoever has an account to act for. */
const inHeader = (door: Endpoint): readonly object[] => {
  if (door.method === "GET" || door.audience.some((it) => it === "anyone" || it === "page")) return [];
  const description =
    "A name of your own for this request. Sent again under the same name by the same caller, it acts once and is answered by what came of it; under the name of another request it is refused.";
  const required = moving.has(door);
  return [{ name: "Idempotency-Key", in: "header", required, schema: { type: "string", minLength: 1 }, description }];
};

/** A body. Terms are read by rules of their own, which say more than a shape can; what they must look like is told all the same. */
const bodyOf = (door: Endpoint) => {
  const schema = jsonSchema(door.body, shapes) as { readonly properties?: Readonly<Record<string, object>> };
  const terms = schema.properties && "terms" in schema.properties && { terms: { $ref: "#/components/schemas/Terms" } };
  const told = terms ? { ...schema, properties: { ...schema.properties, ...terms } } : schema;
  return { required: true, content: { "application/json": { schema: told } } };
};

const operation = (name: string, door: Endpoint) => ({
  operationId: name,
  summary: door.says,
  tags: door.audience,
  security: securityOf(door),
  parameters: [...inPath(door.path), ...inQuery(door.query), ...inHeader(door)],
  ...(door.method === "POST" && { requestBody: bodyOf(door) }),
  responses: {
    ...replies(door),
    default: {
      description: "A refusal.",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  },
});

const paths = () => {
  const all: Record<string, Record<string, object>> = {};
  for (const [name, door] of Object.entries(doors)) {
    const key = path(door.path);
    all[key] = { ...all[key], [door.method.toLowerCase()]: operation(name, door) };
  }
  return all;
};

const Problem = {
  type: "object",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    errors: {
      type: "array",
      description: "Each fault in what was sent: its place, as a JSON pointer (RFC 6901), and what is wrong there.",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: { pointer: { type: "string" }, detail: { type: "string" } },
      },
    },
  },
};

/** The doors as an OpenAPI 3.1 document, printed from the same values the server opens and the clients knock on. */
export const openapi = (origin: string) => ({
  openapi: "3.1.0",
  info: {
    title: "Makegood",
    version: pkg.version,
    description: pkg.description,
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: origin }],
  paths: paths(),
  components: {
    schemas: { Problem, ...named(shapes) },
    securitySchemes: {
      session: { type: "apiKey", in: "cookie", name: sessionCookie(origin) },
      extension: { type: "http", scheme: "bearer", description: "The token a paired extension was given." },
      secretKey: { type: "http", scheme: "bearer", description: "A brand's secret key, sk_…" },
    },
  },
});
