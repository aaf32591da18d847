import { expect, test } from "vitest";
import { shapes } from "../../server/doors/shapes.ts";
import { doors } from "../../shared/wire/doors.ts";
import { goodBodies, type Ids } from "./knocks.ts";
import { breaches, operationAt, printed, type Schema } from "./printed.ts";
import type { Scene } from "./scene.ts";

const operations = Object.entries(printed.paths).flatMap(([path, its]) =>
  Object.entries(its).map(([method, operation]) => ({ path, method, operation })),
);

const words = {
  object: ["type", "properties", "required", "additionalProperties", "propertyNames"],
  array: ["type", "items", "minItems", "maxItems"],
  string: ["type", "minLength", "maxLength", "pattern", "format"],
  number: ["type", "minimum", "maximum"],
  integer: ["type", "minimum", "maximum"],
  boolean: ["type"],
  null: ["type"],
};

const within = (schema: Schema): readonly Schema[] => [
  ...Object.values(schema.properties ?? {}),
  ...(schema.anyOf ?? []),
  ...[schema.items, schema.propertyNames].filter((it) => it !== undefined),
  ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
];

const sound = (schema: Schema, at: string): void => {
  const told = `${at} ${JSON.stringify(schema).slice(0, 100)}`;
  const { type, $ref, anyOf, ...rest } = schema;
  if ($ref !== undefined) expect(Object.keys(printed.components.schemas), told).toContain($ref.split("/").at(-1));
  const known = type ? words[type] : [];
  const loose = ["$ref", "anyOf", "enum", "const", "description"];
  for (const word of Object.keys(schema)) expect([...known, ...loose], told).toContain(word);
  if (anyOf) expect(anyOf.length, told).toBeGreaterThan(1);
  if (rest.pattern !== undefined) expect(() => new RegExp(rest.pattern ?? "", "u"), told).not.toThrow();
  expect(Object.keys(rest.properties ?? {}), told).toEqual(expect.arrayContaining([...(rest.required ?? [])]));
  for (const [least, most] of [
    [rest.minimum, rest.maximum],
    [rest.minLength, rest.maxLength],
    [rest.minItems, rest.maxItems],
  ])
    expect(least ?? 0, told).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY);
  for (const inner of within(schema)) sound(inner, at);
};

test("what is printed is an OpenAPI 3.1 document: every part is there once and every reference leads somewhere", () => {
  expect(printed.openapi).toMatch(/^3\.1\.\d+$/);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect([...ids].sort()).toEqual(Object.keys(doors).sort());
  const shapes = Object.keys(printed.paths).map((path) => path.replace(/\{\w+\}/g, "{}"));
  expect(new Set(shapes).size).toBe(shapes.length);
  for (const { path, method, operation } of operations) {
    const told = `${method} ${path}`;
    const inPath = operation.parameters.filter((it) => it.in === "path").map(({ name }) => name);
    expect(inPath, told).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    const named = operation.parameters.map((it) => `${it.in} ${it.name}`);
    expect(new Set(named).size, told).toBe(named.length);
    for (const scheme of operation.security.flatMap((it) => Object.keys(it)))
      expect(Object.keys(printed.components.securitySchemes), told).toContain(scheme);
    for (const status of Object.keys(operation.responses)) expect(status, told).toMatch(/^(200|204|default)$/);
    const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((it) =>
      Object.values(it?.content ?? {}),
    );
    for (const { schema } of [...contents, ...operation.parameters]) sound(schema, told);
  }
  for (const [name, schema] of Object.entries(printed.components.schemas)) sound(schema, name);
});

test("each shape is described once, so that the whole stays small enough to read", () => {
  const text = JSON.stringify(printed);
  expect(text.length).toBeLessThan(250_000);
  for (const name of Object.keys(printed.components.schemas))
    expect(text, name).toContain(`"#/components/schemas/${name}"`);
  expect(Object.keys(printed.components.schemas)).toHaveLength(1 + new Set(shapes.values()).size);
  expect(new Set(shapes.values()).size).toBe(shapes.size);
});

test("the body each door takes is one that is printed, and one with a surplus member is not", () => {
  const ids = { ...{ contract: "con_00000000000000000000", conversion: "cnv_00000000000000000000" }, poll: "pol_0" };
  const scene = {
    ...{ campaign: "cmp_00000000000000000000", influencer: "inf_00000000000000000000", termsHash: "0".repeat(64) },
    ...{ link: { code: "code00" }, brand: { publishableKey: `pk_${"0".repeat(20)}` } },
  };
  for (const [name, door] of Object.entries(doors).filter(([, { method }]) => method === "POST")) {
    const { schema } = operationAt("POST", `http://x${door.path.replaceAll(":", "")}`)?.requestBody?.content?.[
      "application/json"
    ] ?? { schema: undefined };
    const body = goodBodies[name]?.(scene as unknown as Scene, ids as unknown as Ids);
    expect(breaches(body, schema ?? {}), name).toEqual([]);
    expect(breaches({ ...body, surplus: 1 }, schema ?? {}), name).not.toEqual([]);
  }
});
