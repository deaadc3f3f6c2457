import { z } from 'zod';
import type { Path } from './diagnostic';

type Schema = z.core.$ZodType;

/** The part of a schema that describes the value at a path of `data`; undefined beyond what the schema knows. */
export function schemaAt(root: Schema, path: Path, data: unknown): Schema | undefined {
  let schema: Schema | undefined = bare(root, data);
  let value = data;
  for (const key of path) {
    value = member(value, key);
    const next = schema === undefined ? undefined : below(schema, key);
    schema = next === undefined ? undefined : bare(next, value);
  }
  return schema;
}

/** Keys of an object schema; none of any other. */
export function keysOf(schema: Schema | undefined): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** An example of what the schema takes, as it is written in YAML. */
export function exampleOf(schema: Schema | undefined): string | undefined {
  const meta = schema === undefined ? undefined : z.globalRegistry.get(schema);
  const [example] = (meta?.['examples'] ?? []) as readonly unknown[];
  return example === undefined ? undefined : JSON.stringify(example);
}

/** Strips default and optional, and chooses the variant of a union. */
function bare(schema: Schema, value: unknown): Schema | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bare(schema.unwrap(), value);
  }
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = schema.def;
  return schema.options.find((option: Schema) => {
    const tag = option instanceof z.ZodObject ? shapeOf(option)[discriminator] : undefined;
    return tag instanceof z.ZodLiteral && tag.values.has(member(value, discriminator) as z.core.util.Literal);
  });
}

const shapeOf = (schema: z.ZodObject): Readonly<Record<string | number, Schema>> => schema.shape;

function below(schema: Schema, key: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? shapeOf(schema)[key] : undefined;
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}
