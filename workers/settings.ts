import path from 'node:path';
import { SwitchbackFailure } from '../core/model/failure';
import type { Route53Settings } from '../drivers/route53/route53-client';
import { evidencePlace, type EvidencePlace } from '../evidence/evidence-place';

/** What a worker is told by its environment. */
export interface WorkerSettings {
  readonly runbookFolder: string;
  /** Folders of local sites are relative to it. */
  readonly labFolder: string;
  readonly reportFolder: string;
  /** Where evidence is kept, which no run ever changes again. */
  readonly evidence: EvidencePlace;
  /** Serve the workflows and the control activities. */
  readonly control: boolean;
  /** Sites whose task queues are served; absent: all sites of the runbooks. */
  readonly sites?: readonly string[];
  /** Start the `protection` workflows of all runbooks. */
  readonly protect: boolean;
  /** Kubeconfigs that runbooks name are relative to it. */
  readonly kubeconfigFolder: string;
  /** Absolute paths of the programs that checks and hooks may run. */
  readonly allowedCommands: readonly string[];
  /** Address of the Temporal Web UI, which reports link to; absent: they do not. */
  readonly webUi?: string;
  /** Address, "127.0.0.1:9464", at which Prometheus finds the metrics; absent: nowhere. */
  readonly metrics?: string;
  /** How records in Route 53 are reached; absent: as the AWS SDK does by itself, which finds the credentials in any case. */
  readonly route53?: Route53Settings;
}

/**
 * SWITCHBACK_HOME (default .switchback), SWITCHBACK_RUNBOOKS (default runbooks), SWITCHBACK_SITES ("alpha,beta"; default all),
 * SWITCHBACK_CONTROL and SWITCHBACK_PROTECT ("no" switches off), SWITCHBACK_ALLOWED_COMMANDS (separated by colons),
 * SWITCHBACK_KUBECONFIGS (default the folder kubeconfigs in SWITCHBACK_HOME),
 * SWITCHBACK_EVIDENCE (a folder, default evidence in SWITCHBACK_HOME, or s3://bucket/prefix) and SWITCHBACK_EVIDENCE_ENDPOINT,
 * SWITCHBACK_WEB_UI (address of the Temporal Web UI, for links in reports), SWITCHBACK_METRICS ("127.0.0.1:9464"; default none),
 * SWITCHBACK_LOG ("json" or "text", the default),
 * SWITCHBACK_ROUTE53_ENDPOINT, SWITCHBACK_ROUTE53_REGION, SWITCHBACK_ROUTE53_ROLE (an ARN) and SWITCHBACK_ROUTE53_EXTERNAL_ID.
 *
 * @throws SwitchbackFailure `InvalidInput`
 */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): WorkerSettings {
  checkLogForm(env);
  const home = path.resolve(cwd, env['SWITCHBACK_HOME'] ?? '.switchback');
  const sites = list(env['SWITCHBACK_SITES'], ',');
  return {
    runbookFolder: path.resolve(cwd, env['SWITCHBACK_RUNBOOKS'] ?? 'runbooks'),
    labFolder: path.join(home, 'lab'),
    reportFolder: path.join(home, 'reports'),
    evidence: evidencePlace(env, cwd),
    control: env['SWITCHBACK_CONTROL'] !== 'no',
    ...(sites.length > 0 && { sites }),
    protect: env['SWITCHBACK_PROTECT'] !== 'no',
    kubeconfigFolder: path.resolve(cwd, env['SWITCHBACK_KUBECONFIGS'] ?? path.join(home, 'kubeconfigs')),
    allowedCommands: list(env['SWITCHBACK_ALLOWED_COMMANDS'], ':'),
    ...(env['SWITCHBACK_WEB_UI'] && { webUi: env['SWITCHBACK_WEB_UI'] }),
    ...metricsOf(env),
    ...route53Of(env),
  };
}

/** An address and a port, as the exporter takes them: it resolves no names. */
const bindAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]+\]):\d{1,5}$/i;

function metricsOf(env: NodeJS.ProcessEnv): Pick<WorkerSettings, 'metrics'> {
  const metrics = env['SWITCHBACK_METRICS'];
  if (!metrics) return {};
  if (bindAddress.test(metrics)) return { metrics };
  throw new SwitchbackFailure(
    'InvalidInput',
    `SWITCHBACK_METRICS is "${metrics}"; write the IP address and port to listen at, like 127.0.0.1:9464`,
  );
}

function checkLogForm(env: NodeJS.ProcessEnv): void {
  const form = env['SWITCHBACK_LOG'] || 'text';
  if (form === 'json' || form === 'text') return;
  throw new SwitchbackFailure('InvalidInput', `SWITCHBACK_LOG is "${form}"; write json or text`);
}

const list = (text: string | undefined, separator: string): readonly string[] =>
  (text ?? '')
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');

function route53Of(env: NodeJS.ProcessEnv): Pick<WorkerSettings, 'route53'> {
  const endpoint = env['SWITCHBACK_ROUTE53_ENDPOINT'];
  const region = env['SWITCHBACK_ROUTE53_REGION'];
  const roleArn = env['SWITCHBACK_ROUTE53_ROLE'];
  const externalId = env['SWITCHBACK_ROUTE53_EXTERNAL_ID'];
  const route53 = {
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(roleArn && { roleArn }),
    ...(externalId && { externalId }),
  };
  return Object.keys(route53).length > 0 ? { route53 } : {};
}
