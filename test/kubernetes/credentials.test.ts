import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Credentials } from '../../drivers/kubernetes/client/credentials';
import { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';

let clusters: TwoClusters;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-credentials-'));
  clusters = await startTwoClusters();
});
afterAll(async () => {
  await clusters.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A client of alpha by a kubeconfig whose user is given. */
async function clientAs(user: object): Promise<KubeClient> {
  const file = path.join(folder, 'kubeconfig');
  const config = JSON.parse(kubeconfig([clusters.alpha.access])) as object;
  await writeFile(file, JSON.stringify({ ...config, users: [{ name: clusters.alpha.access.name, user }] }));
  const site = clusters.site('alpha', 'default');
  return new KubeClient(
    new Credentials({ ...site, kubernetes: { namespace: 'default', kubeconfig: file } }, clusters.folder),
  );
}

const nodes = async (client: KubeClient): Promise<number> =>
  (await client.get<{ items: unknown[] }>('/api/v1/nodes')).items.length;

test('a token file that was replaced is read again when the API server refuses the old token', async () => {
  const tokenFile = path.join(folder, 'token');
  await writeFile(tokenFile, 'expired');
  // Relative to the kubeconfig.
  const client = await clientAs({ tokenFile: 'token' });
  await expect(nodes(client)).rejects.toMatchObject({ status: 401 });
  // As a command writes it.
  await writeFile(tokenFile, `${clusters.alpha.access.token}\n`);
  await expect(nodes(client)).resolves.toBeGreaterThan(0);
  client.close();
});

test('a plug-in is asked for a new token when the API server refuses the one that it gave', async () => {
  const plugin = path.join(folder, 'plugin.cjs');
  const asked = path.join(folder, 'asked');
  // The first token that it gives is refused.
  await writeFile(
    plugin,
    `const fs = require('node:fs');
     const times = fs.existsSync(${JSON.stringify(asked)}) ? 2 : 1;
     fs.writeFileSync(${JSON.stringify(asked)}, '');
     const token = times === 1 ? 'expired' : ${JSON.stringify(clusters.alpha.access.token)};
     console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));`,
  );
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [plugin] };
  const client = await clientAs({ exec: { ...exec, interactiveMode: 'Never' } });
  await expect(nodes(client)).resolves.toBeGreaterThan(0);
  client.close();
});

const inPod = 'without a kubeconfig the service account of the pod is used';

if (process.platform === 'linux' && process.getuid?.() === 0) {
  test(inPod, async () => {
    const { server, certificateAuthority, token } = clusters.alpha.access;
    await writeFile(path.join(folder, 'token'), token);
    // Where a pod finds it, in a mount of its own that nothing else sees.
    const account = '/run/secrets/kubernetes.io/serviceaccount';
    const steps = [
      'mount -t tmpfs none /run',
      `mkdir -p ${account}`,
      `cp "$CA" ${account}/ca.crt`,
      `cp "$TOKEN" ${account}/token`,
      'exec "$NODE" --require "$TSX" "$PROGRAM"',
    ];
    const { stdout } = await promisify(execFile)('unshare', ['--mount', 'sh', '-ec', steps.join('\n')], {
      env: {
        ...{ PATH: process.env['PATH'], HOME: folder, CA: certificateAuthority, TOKEN: path.join(folder, 'token') },
        ...{
          NODE: process.execPath,
          TSX: require.resolve('tsx/cjs'),
          PROGRAM: path.join(__dirname, 'lab/count-nodes.ts'),
        },
        ...{ KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: new URL(server).port },
      },
    });
    expect(Number(stdout)).toBeGreaterThan(0);
  });
} else {
  test(`${inPod}: left out, which is said`, () => {
    process.stderr.write(`${inPod}: not tested, a mount of its own needs root on Linux.\n`);
  });
}
