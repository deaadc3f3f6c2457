import type { SearchAttributeType } from '../../core/model/search-attributes';

export interface ServerArguments {
  readonly dbFile: string;
  readonly port: number;
  /** `false`: no Web UI. */
  readonly uiPort: number | false;
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
}

/**
 * One history shard polls its queues 20 times a second by default, and each activity costs two polls: 100 ms a step.
 * The compose stack's dynamic configuration carries the same two settings.
 */
export const pollRates = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
} as const;

/**
 * WAL lets a killed server continue on its file. `synchronous=NORMAL` loses nothing when the process is killed; only a power
 * cut may cost the last moments, which a server on one development machine does not promise to survive.
 */
const pragmas = { journal_mode: 'WAL', synchronous: 'NORMAL' };

/** The command line of `temporal` for a development server on loopback that keeps its runs in a file. */
export function serverArguments({ dbFile, port, uiPort, namespace, searchAttributes }: ServerArguments): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--log-level', 'warn', '--log-format', 'json'],
    ...(uiPort === false ? ['--headless'] : ['--ui-port', `${uiPort}`]),
    ...['--db-filename', dbFile, '--namespace', namespace],
    ...pairs('--sqlite-pragma', pragmas),
    ...pairs('--dynamic-config-value', pollRates),
    ...pairs('--search-attribute', searchAttributes),
  ];
}

function pairs(flag: string, values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
