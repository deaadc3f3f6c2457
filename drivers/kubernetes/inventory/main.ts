import { SwitchbackFailure } from '../../../core/model/failure';
import type {
  InventoryAnswer,
  InventoryRequest,
  NamespaceInventory,
  StandbyInventory,
} from '../../../core/model/namespace-inventory';
import { SiteClusters } from '../cluster';
import { chosenContext, readContexts } from './contexts';
import { readNamespace } from './read-namespace';

/** `main.ts <InventoryRequest as JSON>`: reads namespaces, and changes nothing. The answer is one JSON line on stdout. */
async function main(request: InventoryRequest): Promise<InventoryAnswer> {
  const { kubeconfig, namespace, to } = request;
  const contexts = await readContexts(kubeconfig);
  const context = chosenContext(request.context, contexts, '--context');
  const other = to && { ...to, context: chosenContext(to.context, contexts, '--to-context') };
  const primary = await inventoryOf(context, namespace, kubeconfig);
  if (primary.workloads.length === 0) {
    const message = `the namespace "${namespace}" of the context "${context}" has no Deployment, StatefulSet, DaemonSet or CronJob; name another with --from-namespace or --context`;
    throw new SwitchbackFailure('InvalidInput', message);
  }
  return { kind: 'found', primary, ...(other && { recovery: await standbyOf(other, kubeconfig) }) };
}

async function inventoryOf(
  context: string,
  namespace: string,
  kubeconfig: string | undefined,
): Promise<NamespaceInventory> {
  const where = { namespace, context, ...(kubeconfig !== undefined && { kubeconfig }) };
  const site = { driver: 'kubernetes', name: context, address: '', kubernetes: where } as const;
  const clusters = new SiteClusters(process.cwd());
  try {
    return await readNamespace(clusters.of(site), context);
  } finally {
    clusters.close();
  }
}

async function standbyOf(
  { context, namespace }: NonNullable<InventoryRequest['to']>,
  kubeconfig: string | undefined,
): Promise<StandbyInventory> {
  try {
    return { kind: 'read', inventory: await inventoryOf(context, namespace, kubeconfig) };
  } catch (error) {
    if (!(error instanceof SwitchbackFailure)) throw error;
    return { kind: 'unread', because: error.message };
  }
}

function failed(error: unknown): InventoryAnswer {
  const code = error instanceof SwitchbackFailure && error.code === 'InvalidInput' ? error.code : 'NamespaceUnreadable';
  return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
}

const [request = '{}'] = process.argv.slice(2);
void main(JSON.parse(request) as InventoryRequest)
  .catch(failed)
  .then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
