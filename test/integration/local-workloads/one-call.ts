import type { WorkloadSpec } from '../../../core/model/workload';
import { createLocalWorkloads } from '../../../drivers/local/workloads/local-workloads';
import type { Mutation } from '../../../drivers/ports';

interface Request {
  readonly lab: string;
  readonly runbooks: string;
  readonly method: 'start' | 'stop';
  readonly spec: WorkloadSpec;
  readonly mutation: Mutation;
}

/** A program that makes one call of the driver, as a worker would: the test suite kills it on the way. */
const { lab, runbooks, method, spec, mutation } = JSON.parse(process.argv[2] ?? '') as Request;
const driver = createLocalWorkloads({ labFolder: lab, runbookFolder: runbooks });
const site = { driver: 'local', name: 'paris', address: '127.0.1.1', folder: 'paris' } as const;
const context = { signal: new AbortController().signal, progress: () => undefined };
driver[method](site, spec, mutation, context).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
