import { Credentials } from '../../../drivers/kubernetes/client/credentials';
import { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

/** A program: says how many nodes there are, with the credentials that a pod has. */
async function main(): Promise<void> {
  const site = {
    driver: 'kubernetes',
    name: 'paris',
    address: '127.0.0.1',
    kubernetes: { namespace: 'default' },
  } as const;
  const client = new KubeClient(new Credentials(site, '/nowhere'));
  const { items } = await client.get<{ items: unknown[] }>('/api/v1/nodes');
  client.close();
  process.stdout.write(String(items.length));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
