import { findTemporalServer } from '../../workers/temporal-server/find-temporal-server';

/**
 * Before the first integration test: on a machine that has no Temporal server yet it is built or downloaded here, which takes
 * minutes and is bounded by no test's time limit. Afterwards every test finds it in the cache.
 */
async function findServerOnce(): Promise<void> {
  await findTemporalServer({ say: (line) => process.stderr.write(`${line}\n`) });
}

// jest asks for the whole module to be the function.
export = findServerOnce;
