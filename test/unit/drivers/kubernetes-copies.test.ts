import { copyOf } from '../../../core/model/drill';
import { copiedKinds } from '../../../drivers/kubernetes/copies/copied-kinds';
import { copiedService } from '../../../drivers/kubernetes/copies/copied-service';
import { copiedWorkload } from '../../../drivers/kubernetes/copies/copied-workload';
import { copyNamespaceName } from '../../../drivers/kubernetes/copies/copy-name';

const place = { from: 'shop', to: 'shop-orders-drill', address: '192.0.2.30' };
const metadata = { name: 'api', uid: '1', resourceVersion: '1' };

const made = (plural: string, object: object): unknown =>
  copiedKinds
    .flat()
    .find((kind) => kind.plural === plural)
    ?.made(object as never, place);

describe('the namespace of a copy', () => {
  test('is named after namespace and group', () => {
    expect(copyNamespaceName('shop', copyOf('orders'))).toBe('shop-orders-drill');
  });

  test('has a name that Kubernetes takes, and that of no other, however long theirs are', () => {
    const [one, other] = ['a', 'b'].map((end) => copyNamespaceName('n'.repeat(63), copyOf('g'.repeat(62) + end)));
    expect(one).toMatch(/^[a-z0-9-]{63}$/);
    expect(other).not.toBe(one);
  });
});

describe('the Service of a copy', () => {
  const ports = [{ port: 80, targetPort: 8080, nodePort: 31_000 }];
  const selector = { app: 'api' };

  test.each([
    [
      'a load balancer becomes an external IP',
      {
        type: 'LoadBalancer',
        clusterIP: '10.0.0.1',
        clusterIPs: ['10.0.0.1'],
        loadBalancerIP: '192.0.2.10',
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 32_000,
        selector,
        ports,
      },
      { type: 'ClusterIP', externalIPs: ['192.0.2.30'], selector, ports: [{ port: 80, targetPort: 8080 }] },
    ],
    [
      'an external IP of production is not taken',
      { type: 'ClusterIP', clusterIP: '10.0.0.1', externalIPs: ['192.0.2.10'], selector, ports },
      { type: 'ClusterIP', externalIPs: ['192.0.2.30'], selector, ports: [{ port: 80, targetPort: 8080 }] },
    ],
    [
      'one within the cluster stays within it',
      { type: 'ClusterIP', clusterIP: '10.0.0.1', selector, ports: [{ port: 80 }] },
      { type: 'ClusterIP', selector, ports: [{ port: 80 }] },
    ],
    [
      'a headless one stays headless',
      { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], selector, ports: [{ port: 80 }] },
      { type: 'ClusterIP', clusterIP: 'None', selector, ports: [{ port: 80 }] },
    ],
    [
      'a name of elsewhere is that name',
      { type: 'ExternalName', externalName: 'db.example.test' },
      { type: 'ExternalName', externalName: 'db.example.test' },
    ],
  ])('%s', (_title, spec, copied) => {
    expect(copiedService(spec, place.address)).toEqual(copied);
  });

  test('an address of this machine is not for the nodes', () => {
    const copied = copiedService({ type: 'LoadBalancer', selector, ports }, '127.0.3.1');
    expect(copied).toEqual({ type: 'ClusterIP', selector, ports: [{ port: 80, targetPort: 8080 }] });
  });
});

describe('the workload of a copy is stopped, and knows how many instances to start', () => {
  test.each([
    [
      'as many as run at the active site',
      'Deployment',
      { metadata, spec: { replicas: 3 } },
      { annotations: { 'switchback.dev/original-replicas': '3' }, spec: { replicas: 0 } },
    ],
    [
      'as many as were recorded at the standby',
      'Deployment',
      {
        metadata: {
          ...metadata,
          annotations: { 'switchback.dev/original-replicas': '2', 'switchback.dev/epoch': '4' },
        },
        spec: { replicas: 0 },
      },
      { annotations: { 'switchback.dev/original-replicas': '2' }, spec: { replicas: 0 } },
    ],
    [
      'as the plan says otherwise',
      'StatefulSet',
      { metadata, spec: { replicas: 0 } },
      { annotations: {}, spec: { replicas: 0 } },
    ],
    [
      'a CronJob is suspended',
      'CronJob',
      { metadata, spec: { suspend: false } },
      { annotations: { 'switchback.dev/original-replicas': '1' }, spec: { suspend: true } },
    ],
    [
      'a DaemonSet has a node selector that no node satisfies, beside its own',
      'DaemonSet',
      { metadata, spec: { template: { spec: { nodeSelector: { disk: 'fast' } } } } },
      {
        annotations: { 'switchback.dev/original-replicas': '1' },
        spec: { template: { spec: { nodeSelector: { disk: 'fast', 'switchback.dev/stopped': 'true' } } } },
      },
    ],
  ])('%s', (_title, kind, object, copied) => {
    expect(copiedWorkload(kind, object)).toEqual(copied);
  });

  test.each([
    ['Deployment', { replicas: 1, template: { spec: { hostNetwork: true } } }],
    ['CronJob', { suspend: true, jobTemplate: { spec: { template: { spec: { hostNetwork: true } } } } }],
  ])('a %s in the network of its node is refused: no policy would hold for it', (kind, spec) => {
    expect(() => copiedWorkload(kind, { metadata, spec })).toThrow(/hostNetwork/);
  });
});

describe('what is not of the application, or would reach out of the copy, is left out', () => {
  const subject = { kind: 'ServiceAccount', name: 'shop' };

  test.each([
    ['the fence of production', 'configmaps', { metadata: { ...metadata, name: 'switchback-fence-shop' }, data: {} }],
    [
      'the record of a volume',
      'configmaps',
      { metadata: { ...metadata, name: 'switchback-volume-shop-orders' }, data: {} },
    ],
    ['the keys of a pass', 'secrets', { metadata: { ...metadata, name: 'switchback-pull-0a1b2c3d4e' }, data: {} }],
    ['the certificate of the cluster', 'configmaps', { metadata: { ...metadata, name: 'kube-root-ca.crt' }, data: {} }],
    ['a token of an account', 'secrets', { metadata, type: 'kubernetes.io/service-account-token', data: {} }],
    ['a release of Helm', 'secrets', { metadata, type: 'helm.sh/release.v1', data: {} }],
    [
      'rights of accounts of other namespaces',
      'rolebindings',
      { metadata, subjects: [{ ...subject, namespace: 'other' }] },
    ],
  ])('%s', (_title, plural, object) => {
    expect(made(plural, object)).toBeUndefined();
  });

  test('accounts of production become those of the copy', () => {
    const roleRef = { kind: 'Role', name: 'reader' };
    const subjects = [
      { ...subject, namespace: 'shop' },
      { kind: 'Group', name: 'developers' },
    ];
    expect(made('rolebindings', { metadata, roleRef, subjects })).toEqual({
      roleRef,
      subjects: [
        { ...subject, namespace: 'shop-orders-drill' },
        { kind: 'Group', name: 'developers' },
      ],
    });
  });

  test('an autoscaler that is set aside stays so, without what other annotations say', () => {
    const annotations = { 'switchback.dev/set-aside': 'api', 'example.test/else': 'x' };
    const spec = { scaleTargetRef: { kind: 'Deployment', name: 'api.switchback-stopped' } };
    expect(made('horizontalpodautoscalers', { metadata: { ...metadata, annotations }, spec })).toEqual({
      spec,
      annotations: { 'switchback.dev/set-aside': 'api' },
    });
  });
});
