import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What lies in the folder of a cluster. */
export interface ClusterFiles {
  readonly folder: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly certificates: string;
  readonly kubeconfig: string;
  readonly kwokConfig: string;
  readonly auditPolicy: string;
  /** What the worker's user has asked for, one JSON event a line. */
  readonly auditLog: string;
  readonly log: (program: string) => string;
}

/** Bearer tokens: `admin` may do everything, `worker` nothing but what a Role gives the user `switchback-worker`. */
export interface ClusterTokens {
  readonly admin: string;
  readonly worker: string;
}

export function clusterFiles(folder: string): ClusterFiles {
  return {
    folder,
    tokens: path.join(folder, 'tokens.csv'),
    serviceAccountKey: path.join(folder, 'service-account.pem'),
    certificates: path.join(folder, 'certificates'),
    kubeconfig: path.join(folder, 'kubeconfig.json'),
    kwokConfig: path.join(folder, 'kwok.yaml'),
    auditPolicy: path.join(folder, 'audit-policy.json'),
    auditLog: path.join(folder, 'audit.log'),
    log: (program) => path.join(folder, `${program}.log`),
  };
}

/** The log of every container of a fake pod, as container runtimes write it: time, stream, F for a whole line, text. */
const fakePodLog = ['listening on 0.0.0.0:8080', 'no such database']
  .map((line) => `2026-01-01T00:00:00.000000000Z stdout F ${line}\n`)
  .join('');

/** Writes what the programs read when they start; tokens and keys are new each time. */
export async function writeClusterFiles(files: ClusterFiles): Promise<ClusterTokens> {
  await mkdir(files.certificates, { recursive: true });
  const tokens = { admin: randomBytes(24).toString('hex'), worker: randomBytes(24).toString('hex') };
  const lines = [
    `${tokens.admin},lab-admin,lab-admin,"system:masters"`,
    `${tokens.worker},switchback-worker,switchback-worker`,
  ];
  await writeFile(files.tokens, `${lines.join('\n')}\n`, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(files.serviceAccountKey, pem, { mode: 0o600 });
  const audited = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', users: ['switchback-worker'] }, { level: 'None' }],
  };
  await writeFile(files.auditPolicy, JSON.stringify(audited));
  const podLog = path.join(files.folder, 'pod.log');
  await writeFile(podLog, fakePodLog);
  const stages = await readFile(path.join(__dirname, 'fake-nodes.yaml'), 'utf8');
  const logs = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'every-pod' },
    spec: { logs: [{ logsFile: podLog }] },
  };
  // JSON is YAML.
  await writeFile(files.kwokConfig, `${stages}---\n${JSON.stringify(logs)}\n`);
  return tokens;
}
