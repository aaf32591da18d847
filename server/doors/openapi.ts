import type * as v from "valibot";
import pkg from "../../package.json" with { type: "json" };
import { doors } from "../../shared/wire/doors.ts";
import type { Audience, Endpoint } from "../../shared/wire/endpoint.ts";
import { live } from "../../shared/wire/live.ts";
import { certificate } from "../../shared/wire/seal.ts";
import { jsonSchema } from "./json-schema.ts";
import { opensToExtensions } from "./pocket.ts";

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
  const { properties = {}, required = [] } = jsonSchema(query) as {
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
const types: Readonly<Record<string, string>> = {
  [live.path]: "text/event-stream",
  [certificate.path]: "application/pdf",
};

const replies = (door: Endpoint) => {
  if (door.reply.type === "undefined") return { 204: { description: "Done." } };
  const type = types[door.path] ?? "application/json";
  return { 200: { description: door.says, content: { [type]: { schema: jsonSchema(door.reply) } } } };
};

const operation = (name: string, door: Endpoint) => ({
  operationId: name,
  summary: door.says,
  tags: door.audience,
  security: securityOf(door),
  parameters: [...inPath(door.path), ...inQuery(door.query)],
  ...(door.method === "POST" && {
    requestBody: { required: true, content: { "application/json": { schema: jsonSchema(door.body) } } },
  }),
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
  required: ["title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    errors: {
      type: "array",
      items: { type: "object", properties: { pointer: { type: "string" }, detail: { type: "string" } } },
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
    schemas: { Problem },
    securitySchemes: {
      session: { type: "apiKey", in: "cookie", name: "better-auth.session_token" },
      extension: { type: "http", scheme: "bearer", description: "The token a paired extension was given." },
      secretKey: { type: "http", scheme: "bearer", description: "A brand's secret key, sk_…" },
    },
  },
});
