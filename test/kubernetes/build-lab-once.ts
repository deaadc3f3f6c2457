import { findBinaries } from '../../lab/kubernetes/binaries/find-binaries';

/**
 * Before the first test with a cluster: on a machine that has no Kubernetes programs yet they are built here, which takes minutes
 * and is bounded by no test's time limit. Afterwards every test finds them in the cache.
 */
async function buildLabOnce(): Promise<void> {
  await findBinaries({ say: (line) => process.stderr.write(`${line}\n`) });
}

// jest asks for the whole module to be the function.
export = buildLabOnce;
