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

type Describe = (it: Described, deep: number) => object;

const MOST_DEEP = 12;

const object: Describe = ({ entries = {}, type }, deep) => {
  const names = Object.keys(entries);
  const required = names.filter((name) => entries[name]?.type !== "optional");
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, describe(entries[name] as Described, deep + 1)])),
    ...(required.length > 0 && { required }),
    ...(type === "strict_object" && { additionalProperties: false }),
  };
};

const either: Describe = ({ options = [] }, deep) => ({
  anyOf: options.map((option) => describe(option as Described, deep + 1)),
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
  array: ({ item }, deep) => ({ type: "array", items: describe(item as Described, deep + 1) }),
  record: ({ value }, deep) => ({ type: "object", additionalProperties: describe(value as Described, deep + 1) }),
  optional: ({ wrapped }, deep) => describe(wrapped as Described, deep),
  nullable: ({ wrapped }, deep) => ({ anyOf: [describe(wrapped as Described, deep + 1), { type: "null" }] }),
  object,
  strict_object: object,
  union: either,
  variant: either,
  lazy: ({ getter }, deep) => (getter && deep < MOST_DEEP ? describe(getter(undefined), deep + 1) : {}),
};

const bounds: Readonly<Record<string, (requirement: unknown) => object>> = {
  min_value: (minimum) => ({ minimum }),
  max_value: (maximum) => ({ maximum }),
  integer: () => ({ type: "integer" }),
  min_length: (least) => ({ minLength: least }),
  max_length: (most) => ({ maxLength: most }),
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

const describe: Describe = (it, deep) => {
  const base = kinds[it.type]?.(it, deep) ?? {};
  const limits = (it.pipe ?? []).slice(1).map((step) => bounds[step.type]?.(step.requirement) ?? {});
  return Object.assign({}, base, ...limits.map((limit) => (it.type === "array" ? ofList(limit) : limit)));
};

/** A valibot schema as JSON Schema 2020-12: shapes, choices, lengths, bounds and patterns; checks in code are left out. */
export const jsonSchema = (schema: unknown): object => describe(schema as Described, 0);
