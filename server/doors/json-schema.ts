import { present } from "../../shared/kit/shape.ts";

/** As much of a valibot schema as is needed to describe it. */
interface Described {
  readonly type: string;
  readonly kind?: string;
  readonly entries?: Readonly<Record<string, Described>>;
  readonly options?: readonly unknown[];
  readonly item?: Described;
  readonly key?: Described;
  readonly value?: unknown;
  readonly wrapped?: Described;
  readonly literal?: unknown;
  readonly requirement?: unknown;
  readonly pipe?: readonly Described[];
  readonly getter?: (input: unknown) => Described;
}

type Inner = (it: Described) => object;
type Describe = (it: Described, inner: Inner) => object;

const object: Describe = ({ entries = {}, type }, inner) => {
  const names = Object.keys(entries);
  const required = names.filter((name) => entries[name]?.type !== "optional");
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, inner(entries[name] as Described)])),
    ...(required.length > 0 && { required }),
    ...(type === "strict_object" && { additionalProperties: false }),
  };
};

const either: Describe = ({ options = [] }, inner) => ({
  anyOf: options.map((option) => inner(option as Described)),
});

const kinds: Readonly<Record<string, Describe>> = {
  string: () => ({ type: "string" }),
  number: () => ({ type: "number" }),
  boolean: () => ({ type: "boolean" }),
  null: () => ({ type: "null" }),
  unknown: () => ({}),
  undefined: () => ({}),
  literal: ({ literal }) => ({ const: literal }),
  picklist: ({ options = [] }) => ({ enum: options }),
  array: ({ item }, inner) => ({ type: "array", items: inner(item as Described) }),
  record: ({ key, value }, inner) => ({
    type: "object",
    propertyNames: inner(key as Described),
    additionalProperties: inner(value as Described),
  }),
  optional: ({ wrapped }, inner) => inner(wrapped as Described),
  nullable: ({ wrapped }, inner) => ({ anyOf: [inner(wrapped as Described), { type: "null" }] }),
  object,
  strict_object: object,
  union: either,
  variant: either,
  lazy: ({ getter }, inner) => inner(present(getter?.(undefined), "what a lazy schema stands for")),
};

const bounds: Readonly<Record<string, (requirement: unknown) => object>> = {
  min_value: (minimum) => ({ minimum }),
  max_value: (maximum) => ({ maximum }),
  integer: () => ({ type: "integer" }),
  min_length: (least) => ({ minLength: least }),
  max_length: (most) => ({ maxLength: most }),
  length: (exact) => ({ minLength: exact, maxLength: exact }),
  regex: (pattern) => ({ pattern: (pattern as RegExp).source }),
  email: () => ({ format: "email" }),
};

const ofList = (bound: object): object => {
  const { minLength, maxLength, ...rest } = bound as { minLength?: number; maxLength?: number };
  return {
    ...rest,
    ...(minLength !== undefined && { minItems: minLength }),
    ...(maxLength !== undefined && { maxItems: maxLength }),
  };
};

const whole: Describe = (it, inner) => {
  // A pipe may begin with another one, whose limits hold as well.
  const [first, ...steps] = it.pipe ?? [];
  const base = first?.pipe ? whole(first, inner) : present(kinds[it.type], `a description of ${it.type}`)(it, inner);
  const limits = steps.map((step) => bounds[step.type]?.(step.requirement) ?? {});
  return Object.assign({}, base, ...limits.map((limit) => (it.type === "array" ? ofList(limit) : limit)));
};

/** Schemas that have a name, under which they are described once. One that holds itself must have one. */
export type Names = ReadonlyMap<unknown, string>;

const innerOf = (names: Names): Inner => {
  const inner: Inner = (it) => {
    const name = names.get(it);
    return name === undefined ? whole(it, inner) : { $ref: `#/components/schemas/${name}` };
  };
  return inner;
};

/** A valibot schema as JSON Schema 2020-12: shapes, choices, lengths, bounds and patterns; checks in code are left out. */
export const jsonSchema = (schema: unknown, names: Names): object => innerOf(names)(schema as Described);

/** Every schema that has a name, described by it. */
export const named = (names: Names): Readonly<Record<string, object>> =>
  Object.fromEntries([...names].map(([schema, name]) => [name, whole(schema as Described, innerOf(names))]));
