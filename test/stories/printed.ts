import { openapi } from "../../server/doors/openapi.ts";

/** A JSON Schema, as far as ours go; a word that is not among these is a fault in the schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: "email";
  readonly description?: string;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** What `openapi.json` says of one door. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}

/** `openapi.json`, as far as it is read here. */
export interface Printed {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

/** The doors in writing, as a server prints them that is reached here. */
export const printed = JSON.parse(JSON.stringify(openapi("http://127.0.0.1:8787"))) as Printed;

const named = (ref: string): Schema => printed.components.schemas[ref.slice("#/components/schemas/".length)] as Schema;

const isType = (it: unknown, type: string): boolean => {
  if (type === "null") return it === null;
  if (type === "array") return Array.isArray(it);
  if (type === "object") return typeof it === "object" && it !== null && !Array.isArray(it);
  return type === "integer" ? Number.isInteger(it) : typeof it === type;
};

const within = (size: number, least = 0, most = Number.POSITIVE_INFINITY): boolean => size >= least && size <= most;

const inObject = (it: Readonly<Record<string, unknown>>, schema: Schema, at: string): readonly string[] => {
  const { properties = {}, required = [], additionalProperties: rest = true, propertyNames } = schema;
  const missing = required.filter((name) => !Object.hasOwn(it, name)).map((name) => `${at}/${name} is missing`);
  const members = Object.entries(it).flatMap(([name, value]) => {
    const here = `${at}/${name}`;
    const called = propertyNames ? breaches(name, propertyNames, `${here} (its name)`) : [];
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (own) return [...called, ...breaches(value, own, here)];
    if (typeof rest === "object") return [...called, ...breaches(value, rest, here)];
    return rest ? called : [...called, `${here} is not foreseen`];
  });
  return [...missing, ...members];
};

const bounds = (it: unknown, schema: Schema): boolean => {
  if (typeof it === "number") return within(it, schema.minimum ?? Number.NEGATIVE_INFINITY, schema.maximum);
  if (Array.isArray(it)) return within(it.length, schema.minItems, schema.maxItems);
  if (typeof it !== "string") return true;
  const fits = schema.pattern === undefined || new RegExp(schema.pattern, "u").test(it);
  return fits && within([...it].length, schema.minLength, schema.maxLength);
};

/** Where a value is not what a schema says, in words; empty where it is. Source: JSON Schema 2020-12. */
export const breaches = (it: unknown, schema: Schema, at = ""): readonly string[] => {
  const told = `${at || "/"}: ${JSON.stringify(it)?.slice(0, 80)} is not ${JSON.stringify(schema).slice(0, 120)}`;
  if (schema.$ref !== undefined) return breaches(it, named(schema.$ref), at);
  if (schema.anyOf && !schema.anyOf.some((one) => breaches(it, one, at).length === 0))
    return [told, ...schema.anyOf.flatMap((one) => breaches(it, one, `${at}|`)).slice(0, 5)];
  if (schema.enum && !schema.enum.includes(it)) return [told];
  if (Object.hasOwn(schema, "const") && schema.const !== it) return [told];
  if (schema.type !== undefined && !isType(it, schema.type)) return [told];
  if (!bounds(it, schema)) return [told];
  if (Array.isArray(it))
    return it.flatMap((one, index) => (schema.items ? breaches(one, schema.items, `${at}/${index}`) : []));
  return schema.type === "object" ? inObject(it as Record<string, unknown>, schema, at) : [];
};

const asPattern = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);

/** Names in a path come after what is spelled out. */
const routes = Object.keys(printed.paths)
  .sort((a, b) => a.split("{").length - b.split("{").length)
  .map((path) => [asPattern(path), printed.paths[path]] as const);

/** What is printed of the door at an address. */
export const operationAt = (method: string, url: string): Operation | undefined =>
  routes.find(([path, its]) => path.test(new URL(url).pathname) && its?.[method.toLowerCase()])?.[1]?.[
    method.toLowerCase()
  ];

const jsonTypes = ["application/json", "application/problem+json"];

/** Where an answer of the server is not what is printed of its door. */
export const unlike = async (method: string, url: string, answer: Response): Promise<readonly string[]> => {
  const operation = operationAt(method, url);
  const { content = {} } = operation?.responses[answer.status] ?? operation?.responses.default ?? {};
  const type = answer.headers.get("content-type") ?? "";
  const where = `${method} ${new URL(url).pathname} answered ${answer.status} ${type}`;
  if (!operation) return [`${where}, and there is no such door`];
  if (answer.status === 204) return operation.responses[204] ? [] : [`${where}, which is not printed`];
  const schema = content[type]?.schema;
  if (!schema) return [`${where}, which is not printed`];
  if (!jsonTypes.includes(type)) return [];
  return breaches(await answer.json(), schema).map((breach) => `${where}: ${breach}`);
};
