import { siteTaskQueue } from '../../core/model/names';

type Meta = Readonly<Record<string, unknown>>;
type Mask = (text: string) => string;

/** The SDK's names, and ours; what is mapped to nothing is left out. */
const names: Readonly<Record<string, string | undefined>> = {
  workflowId: 'run',
  runId: 'run_id',
  workflowRunId: 'run_id',
  workflowType: 'workflow',
  activityType: 'activity',
  activityId: 'activity_id',
  operationKey: 'operation_key',
  taskQueue: 'task_queue',
  sdkComponent: 'component',
  taskToken: undefined,
  isLocal: undefined,
};

const GROUP_IN_ID = /^protection\/(.+)$/;
const SITE_QUEUE = siteTaskQueue('');

/** What surrounds a message, under names of one form: those of a run are the same whoever wrote the line. Secrets are masked. */
export function logFields(meta: Meta, mask: Mask): Meta {
  const entries = Object.entries(meta).flatMap(([key, value]): (readonly [string, unknown])[] => {
    const name = key in names ? names[key] : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return name === undefined || value === undefined ? [] : [[name, readable(value, { key, mask })]];
  });
  const fields = Object.fromEntries(entries);
  return { ...implied(fields), ...fields };
}

/** Group and site, where their names are part of another one. */
function implied({ run, task_queue: queue }: Meta): Meta {
  const group = typeof run === 'string' ? GROUP_IN_ID.exec(run)?.[1] : undefined;
  const site = typeof queue === 'string' && queue.startsWith(SITE_QUEUE) ? queue.slice(SITE_QUEUE.length) : undefined;
  return { ...(group !== undefined && { group }), ...(site && { site }) };
}

const DEEPEST = 4;

function readable(value: unknown, at: { readonly key: string; readonly mask: Mask; readonly depth?: number }): unknown {
  const { key, mask, depth = 0 } = at;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    // A value alone does not look like a secret; with its name it does.
    const [name, masked] = [`${key}: `, mask(`${key}: ${value}`)];
    return masked.startsWith(name) ? masked.slice(name.length) : mask(value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '...';
  const below = (name: string, part: unknown): unknown => readable(part, { key: name, mask, depth: depth + 1 });
  if (value instanceof Error) return errorFields(value, below);
  if (Array.isArray(value)) return value.map((part) => below(key, part));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, below(name, part)]));
}

function errorFields(error: Error, below: (name: string, part: unknown) => unknown): Meta {
  const { type } = error as { readonly type?: unknown };
  return {
    type: typeof type === 'string' ? type : error.name,
    message: below('message', error.message),
    stack: below('stack', error.stack),
    ...(error.cause instanceof Error && { cause: below('cause', error.cause) }),
  };
}
