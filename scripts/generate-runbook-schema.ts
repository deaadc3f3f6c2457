import { z } from 'zod';
import { runbookSchema } from '../core/runbook/schema';

/** The JSON Schema of what people write: draft 7, which is what editors understand. */
export function runbookJsonSchema(): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(runbookSchema, { target: 'draft-7', io: 'input' });
  const { $schema, ...rest } = schema;
  return { ...($schema === undefined ? {} : { $schema }), title: 'Switchback runbook', ...rest };
}

/** Content of runbooks/runbook.schema.json. */
export const generateRunbookSchema = (): string => `${JSON.stringify(runbookJsonSchema(), null, 2)}\n`;
