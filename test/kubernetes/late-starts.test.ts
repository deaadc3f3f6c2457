import type { KubernetesSite } from '../../core/model/site';
import type { WorkloadSpec } from '../../core/model/workload';
import type { KubeList, KubeObject, Pod, WorkloadObject } from '../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { noRoomFor } from './lab/no-room';
import { deployment, deploymentsIn, makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { pathIn } from './shop/shop-objects';

let clusters: TwoClusters;
let driver: KubernetesWorkloads;
let site: KubernetesSite;
let namespace: string;
let tests = 0;

beforeAll(async () => {
  clusters = await startTwoClusters();
  driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder, forcedWithinMs: 2_000 });
});
afterAll(async () => {
  driver?.close();
  await clusters?.stop();
});

beforeEach(async () => {
  tests += 1;
  namespace = `late-${tests}`;
  await makeNamespace(clusters.alpha.client, namespace);
  site = clusters.site('alpha', namespace);
});

const workload: WorkloadSpec = {
  name: 'api',
  priority: 1,
  dependsOn: [],
  volumes: [],
  checks: [],
  stopGraceSeconds: 5,
  kubernetes: { kind: 'Deployment', name: 'api' },
};
const start = async () =>
  driver.start(site, workload, { group: 'shop', operationKey: 'run/start', epoch: 1 }, quietly());
const make = async (object: object, spec: object = {}): Promise<unknown> => {
  const whole = object as { spec: object };
  return clusters.alpha.client.create(deploymentsIn(namespace), { ...whole, spec: { ...whole.spec, ...spec } });
};
const podsNow = async (): Promise<readonly Pod[]> =>
  (await clusters.alpha.client.get<KubeList<Pod>>(`/api/v1/namespaces/${namespace}/pods`)).items;
const happened = async (reason: string): Promise<void> =>
  until(`there is an event ${reason}`, async () => {
    const path = `/api/v1/namespaces/${namespace}/events`;
    const query = { fieldSelector: `reason=${reason}` };
    return (await clusters.alpha.client.get<KubeList<KubeObject>>(path, { query })).items.length > 0;
  });
/** What a start that is expected to fail says, as soon as it fails. */
const failure = async (started: Promise<unknown>): Promise<string> =>
  started.then(
    () => 'it was started',
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'StartFailed' });
      return (error as Error).message;
    },
  );

const log = 'its log ends with:\nlistening on 0.0.0.0:8080\nno such database';

test('slower than its progress deadline: what the container that runs has said, and the events of its pod', async () => {
  await make(deployment('api', 0, { temper: 'never-ready' }), { progressDeadlineSeconds: 3 });
  const saw = await failure(start());
  expect(saw).toContain('no further pod became Ready within 3 s, 0 are; pod api-');
  expect(saw).toContain(`container main runs, and the pod is not Ready; ${log}`);
  expect(saw).toMatch(/events:\n(.*\n)*Scheduled: Successfully assigned/);
});

test('a Deployment that says itself that its deadline is over: the same', async () => {
  // The controller gives up on a new version only: one that runs already, and is given one that does not come up.
  await make(deployment('api', 1));
  await until('it runs', async () => (await podsNow()).some(({ status }) => status.phase === 'Running'));
  const template = { metadata: { annotations: { 'lab.switchback.dev/temper': 'never-ready' } } };
  await clusters.alpha.client.patch(pathIn(namespace, 'deployments', 'api'), {
    spec: { progressDeadlineSeconds: 1, template },
  });
  await until('the controller has given up', async () => {
    const object = await clusters.alpha.client.get<WorkloadObject>(pathIn(namespace, 'deployments', 'api'));
    return object.status?.conditions?.some(({ reason }) => reason === 'ProgressDeadlineExceeded') === true;
  });
  const saw = await failure(start());
  expect(saw).toMatch(/ReplicaSet "api-\w+" has timed out progressing\.; pod api-/);
  expect(saw).toContain(log);
});

test('an init container that crashes again and again: its name and its log', async () => {
  await make(deployment('api', 0, { temper: 'init-crash-loop' }));
  const saw = await failure(start());
  expect(saw).toContain('container migrate is in CrashLoopBackOff: back-off restarting failed container');
  expect(saw).toContain(log);
});

test('no node takes it: what the scheduler says, and its events, though nothing changes any more', async () => {
  await make(deployment('api', 0, { nodeSelector: { disk: 'ssd' } }));
  const failed = failure(start());
  await happened('FailedScheduling');
  let pod: Pod | undefined;
  await until('the scheduler has judged it', async () => {
    [pod] = await podsNow();
    return pod?.status.conditions?.some(({ reason }) => reason === 'Unschedulable') === true;
  });
  // Half a minute is over two seconds after this change; a watch that shows nothing is only read anew after ten.
  const since = new Date(Date.now() - 28_000).toISOString();
  const conditions = pod?.status.conditions?.map((one) => ({ ...one, lastTransitionTime: since }));
  const path = `/api/v1/namespaces/${namespace}/pods/${pod?.metadata.name}/status`;
  await clusters.alpha.client.patch(path, { status: { conditions } });
  const patched = performance.now();
  const saw = await failed;
  expect(performance.now() - patched).toBeLessThan(9_000);
  expect(saw).toMatch(/no node takes it: 0\/2 nodes are available/);
  expect(saw).toMatch(/events:\n(.*\n)*FailedScheduling: 0\/2 nodes are available/);
});

test('pods that a quota refuses: the events of what was to make them', async () => {
  await noRoomFor(clusters.alpha.client, namespace, 'none');
  await make(deployment('api', 0));
  const saw = await failure(start());
  expect(saw).toContain('its pods are refused: pods "api-');
  expect(saw).toMatch(/events:\n(.*\n)*FailedCreate: Error creating: pods "api-.*exceeded quota: none/);
});
