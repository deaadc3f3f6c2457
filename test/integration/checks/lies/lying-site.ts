import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StepRequest } from '../../../../activities/contract';
import { checkHealth } from '../../../../activities/steps/check-steps';
import type { StepOutcome } from '../../../../activities/steps/step-body';
import type { Runbook } from '../../../../core/model/runbook';
import { formatDiagnostic } from '../../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../../core/runbook/parse-runbook';
import { killSiteProcesses } from '../../../../drivers/local/lab/disaster';
import { localDrivers } from '../../../../workers/local-drivers';
import { readSettings } from '../../../../workers/settings';
import { context, freePort } from '../../local-workloads/lab';

const epoch = 7;
const alpha = { driver: 'local', name: 'alpha', address: '127.0.1.1', folder: 'alpha' } as const;

interface Written {
  /** Which lie the service tells; any other word: none. */
  readonly lie: string;
  /** The check as a runbook has it: "http: { path: /orders }". */
  readonly check: string;
  readonly volumes?: string;
  readonly port: number;
}

const written = ({ lie, check, volumes = '', port }: Written): string => `
switchback: 1
group: shop
objectives: { rpo: 30s, rto: 90s }
sites:
  primary: { driver: local, name: alpha, address: 127.0.1.1 }
  recovery: { driver: local, name: beta, address: 127.0.2.1 }
workloads:
  - name: orders
    local: { command: [node, liar.cjs, ${JSON.stringify(lie)}], port: ${port} }
    volumes: [${volumes}]
    checks: [{ name: orders are there, ${check}, within: 2500ms }]
volumes: [${volumes === '' ? '' : `{ name: ${volumes} }`}]
`;

/** What `switchback validate` warns of. */
export function warnings(check: string): readonly string[] {
  const parsed = parseRunbook(written({ lie: 'none', check, port: 7101 }), 'shop.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.warnings.map(({ code }) => code);
}

interface Asked extends Omit<Written, 'port'> {
  /** Done between the start and the step, with the port of the service. */
  readonly meanwhile?: (port: number) => Promise<void>;
}

export interface LyingSite {
  readonly folder: string;
  /** Starts the service at alpha, and makes the health step of it, with the drivers of the product. */
  checked(asked: Asked): Promise<StepOutcome>;
  remove(): Promise<void>;
}

/** Two sites of this machine, with a runbook for each service that is tried. */
export function createLyingSite(): LyingSite {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-lies-'));
  for (const site of ['alpha', 'beta']) mkdirSync(path.join(folder, 'lab', site), { recursive: true });
  const settings = readSettings({ SWITCHBACK_HOME: folder, SWITCHBACK_RUNBOOKS: __dirname }, folder);
  const drivers = localDrivers({ ...settings, labFolder: path.join(folder, 'lab') });
  const { local } = drivers.sites;
  return {
    folder,
    checked: async (asked) => {
      const text = written({ ...asked, port: await freePort() });
      const parsed = parseRunbook(text, 'shop.yaml');
      if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
      const request = healthStep(parsed.runbook);
      const { sites, workload } = request;
      if (workload === undefined) throw new Error('the runbook has one workload');
      const mutation = { group: 'shop', operationKey: 'run/start', epoch };
      await local.workload.start(sites.primary, workload, mutation, context);
      try {
        await asked.meanwhile?.(workload.local?.port ?? 0);
        return await checkHealth(drivers, request, context);
      } finally {
        await killSiteProcesses(path.join(folder, 'lab'), alpha);
      }
    },
    remove: async () => {
      await killSiteProcesses(path.join(folder, 'lab'), alpha);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function healthStep({ sites, workloads: [workload], volumes }: Runbook): StepRequest {
  return {
    run: { workflowId: 'failback/shop', runId: 'run', group: 'shop', operation: 'failback' },
    operationKey: 'run/check-health/orders@alpha',
    step: {
      id: 'check-health/orders@alpha',
      kind: 'check-health',
      title: 'check that orders at alpha is healthy',
      segment: 'start-1',
      site: 'primary',
      dependsOn: [],
      input: { epoch, checks: workload?.checks ?? [] },
    },
    sites,
    ...(workload && { workload }),
    volumes,
    heartbeatSeconds: 5,
  };
}
