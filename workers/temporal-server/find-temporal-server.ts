import { SwitchbackFailure } from '../../core/model/failure';
import type { FoundServer, Way } from './way';
import { ways as allWays } from './ways';

export interface FindOptions {
  /** Takes one line for each step: what was tried and what came of it. */
  readonly say: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Finds a Temporal server by the first of five ways that works: `TEMPORAL_ADDRESS`, `temporal` on PATH, the cached binary,
 * the SDK's download and `go install`, the last two into the cache. An address is taken at its word, not tried.
 * Throws `TemporalUnavailable`, whose one message names every way, why it failed and how to mend it.
 */
export async function findTemporalServer(
  { say, env = process.env }: FindOptions,
  ways: readonly Way[] = allWays,
): Promise<FoundServer> {
  const failures: string[] = [];
  for (const { name, fix, look } of ways) {
    const result = await look({ env, say: (line) => say(`Temporal server: ${name}: ${line}`) });
    if ('found' in result) {
      say(`Temporal server: ${name}: ${describe(result.found)}`);
      return result.found;
    }
    say(`Temporal server: ${name}: ${result.why}`);
    failures.push(`${failures.length + 1}. ${name}: ${result.why}. ${fix}`);
  }
  throw new SwitchbackFailure(
    'TemporalUnavailable',
    `no Temporal server was found; make any of these ${failures.length} ways work:\n  ${failures.join('\n  ')}`,
  );
}

function describe(found: FoundServer): string {
  return found.kind === 'address' ? found.address : found.path;
}
