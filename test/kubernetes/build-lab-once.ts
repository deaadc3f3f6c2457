import { findBinaries, findKubectl, findKubelet } from '../../lab/kubernetes/binaries/find-binaries';
import { whyNoRealNodes } from '../../lab/kubernetes/nodes/machine-needs';
import findServersOnce from '../integration/find-server-once';

/**
 * Before the first test with a cluster: on a machine that has no Kubernetes programs yet they are built here, which takes minutes
 * and is bounded by no test's time limit. Afterwards every test finds them in the cache. Some of these tests need the other servers too.
 */
async function buildLabOnce(): Promise<void> {
  const options = { say: (line: string) => void process.stderr.write(`${line}\n`) };
  await findBinaries(options);
  await findKubectl(options);
  if (whyNoRealNodes() === undefined) await findKubelet(options);
  await findServersOnce();
}

// jest asks for the whole module to be the function.
export = buildLabOnce;
