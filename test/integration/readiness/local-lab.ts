import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setUpLab, type Lab } from '../../../demo/lab';
import type { Readiness } from '../../../core/model/readiness';
import { createLocalTraffic } from '../../../drivers/local/dns/local-traffic';
import { createLocalWorkloads } from '../../../drivers/local/workloads/local-workloads';
import type { TrafficDriver, WorkloadDriver } from '../../../drivers/ports';
import { startRunLab, type RunLab } from '../../kubernetes/lab/run-lab';

/** The shop on two local sites with hooks and a notice, and a worker as the product runs it. */
export interface LocalLab {
  readonly lab: Lab;
  readonly runs: RunLab;
  readonly workloads: WorkloadDriver;
  readonly traffic: TrafficDriver;
  /** Program of a hook. */
  readonly program: string;
  evaluate(): Promise<Readiness>;
  /** Returns what puts the runbook back. */
  editRunbook(edit: (yaml: string) => string): Promise<() => Promise<void>>;
  tearDown(): Promise<void>;
}

/** Variables that the worker has while nothing drifts; they are those of the tests' own process. */
export const variables = { hook: 'DRIFT_HOOK_URL', notice: 'DRIFT_NOTICE_URL' } as const;

/** Passes are so far apart that none mends a drift before it is looked for. */
const calm = (program: string) => (yaml: string) =>
  yaml
    .replace('objectives: { rpo: 5s, rto: 60s }', 'objectives: { rpo: 1h, rto: 60s }')
    .replace('  every: 1s', '  every: 30m')
    .replace(
      /^operations:[^]*/m,
      `operations:
  failover:
    gates:
      - approval: { name: cutover, prompt: Move the shop?, approvers: [ana@example.com] }
    steps:
      - { name: freeze, before: { phase: prepare }, command: ['${program}'], mayStay: true }
      - { name: tell, before: { phase: commit }, webhook: { urlFrom: ${variables.hook} }, mayStay: true }
notices:
  - { name: chat, on: [start, done], urlFrom: ${variables.notice}, format: slack }
`,
    );

interface LocalLabOptions {
  /** Of the runbook besides. */
  readonly editRunbook?: (yaml: string) => string;
  /** Settings of the worker besides. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startLocalLab(options: LocalLabOptions = {}): Promise<LocalLab> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-readiness-'));
  const program = path.join(home, 'freeze');
  await writeFile(program, '#!/bin/sh\n');
  await chmod(program, 0o755);
  for (const name of Object.values(variables)) process.env[name] = 'http://127.0.0.1:1';
  const { editRunbook = (yaml) => yaml } = options;
  const lab = await setUpLab({ home, editRunbook: (yaml) => editRunbook(calm(program)(yaml)) });
  const env = { SWITCHBACK_ALLOWED_COMMANDS: program, ...options.env };
  const runs = await startRunLab({ home, kubeconfigFolder: home, runbook: lab.runbook.group, env });
  const file = path.join(lab.runbookFolder, 'shop.yaml');
  return {
    lab,
    runs,
    program,
    workloads: createLocalWorkloads(lab),
    traffic: createLocalTraffic(),
    evaluate: async () => (await (await runs.run('readiness')).result()) as Readiness,
    editRunbook: async (edit) => {
      const before = await readFile(file, 'utf8');
      await writeFile(file, edit(before));
      return () => writeFile(file, before);
    },
    tearDown: async () => {
      await runs.tearDown();
      await lab.tearDown();
      for (const name of Object.values(variables)) delete process.env[name];
      await rm(home, { recursive: true, force: true });
    },
  };
}
