import { z } from 'zod';
import { check } from './check';
import { dnsName } from './addresses';
import { because, command, duration, line, matching, name, port, prose, variableName } from './scalars';

const localProcess = z
  .strictObject({
    command: command()
      .describe("Program and arguments, without a shell. What is relative is looked up in the runbook's folder.")
      .meta({ examples: [['node', 'ledger.cjs']] }),
    port: port()
      .describe("TCP port at the site's address. Stopped means: process gone and this port closed.")
      .meta({ examples: [7101] }),
    env: z
      .record(variableName(), prose())
      .default({})
      .describe('Environment variables. Not for secrets: the runbook is kept in histories and reports.')
      .meta({ examples: [{ LEDGER_PORT: '7101' }] }),
  })
  .describe('How a local site runs the workload: one process.')
  .meta({ id: 'LocalProcess' });

const kubernetesWorkload = z
  .strictObject({
    kind: matching(
      /^[A-Z][A-Za-z0-9]{0,62}$/,
      because('InvalidKind', (shown) => `${shown} is not a kind such as "Deployment", "StatefulSet" or "CronJob"`),
    )
      .describe('Deployment, StatefulSet, ReplicaSet, DaemonSet, CronJob, or any kind with a scale subresource.')
      .meta({ examples: ['Deployment'] }),
    apiVersion: matching(
      /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/v[0-9][a-z0-9]{0,15}$/,
      because('InvalidKind', (shown) => `${shown} is not a group and version such as "argoproj.io/v1alpha1"`),
    )
      .optional()
      .describe('API group and version of a kind that is not one of Kubernetes itself.')
      .meta({ examples: ['argoproj.io/v1alpha1'] }),
    name: dnsName()
      .optional()
      .describe('Name of the object, the same at both sites.')
      .meta({ examples: ['ledger'] }),
    selector: z
      .record(line(317), z.string().max(63))
      .optional()
      .describe(
        'Instead of a name: labels that all must be there. Every object of the kind that has them belongs to the workload.',
      )
      .meta({ examples: [{ app: 'shop', tier: 'web' }] }),
    replicas: z
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe(
        'How many instances to start where nothing is recorded and the active site was not seen; 0: it is switched off. Default: 1.',
      ),
  })
  .describe('Which objects of the namespace are the workload.')
  .meta({ id: 'KubernetesWorkload' });

export const workload = z
  .strictObject({
    name: name()
      .describe('Name, unique in the runbook.')
      .meta({ examples: ['ledger'] }),
    priority: z.int().min(1).max(100).default(1).describe('Priority group: 1 starts first and stops last.'),
    dependsOn: z
      .array(name())
      .default([])
      .describe('Workloads that must be healthy before this one starts; they are stopped after it.')
      .meta({ examples: [['ledger']] }),
    volumes: z
      .array(name())
      .default([])
      .describe('Volumes that it writes. Without any it is stateless.')
      .meta({ examples: [['orders']] }),
    stopGrace: duration({ atMost: '1h' })
      .default('10s')
      .describe('How long it may take to stop by itself before it is ended by force.'),
    local: localProcess.optional().describe('How local sites run it. Needed when the sites have the driver `local`.'),
    kubernetes: kubernetesWorkload
      .optional()
      .describe('Which objects it is at Kubernetes sites. Needed when the sites have the driver `kubernetes`.'),
    checks: z.array(check).default([]).describe('All must pass before it counts as healthy.'),
  })
  .describe('One service, started and stopped as a whole.')
  .meta({ id: 'Workload' });
