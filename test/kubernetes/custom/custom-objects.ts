import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { until } from '../../integration/faults/until';

/** A kind of an operator. */
export interface CustomDefinition {
  readonly kind: string;
  readonly plural: string;
  /** Where its objects keep their replicas. */
  readonly replicasAt: string;
}

export const rollouts: CustomDefinition = { kind: 'Rollout', plural: 'rollouts', replicasAt: 'spec.replicas' };
/** One that keeps them elsewhere, as some operators do. */
export const pools: CustomDefinition = { kind: 'Pool', plural: 'pools', replicasAt: 'spec.size.members' };
export const apiVersion = 'example.com/v1';

/** Makes the kind known, with a scale subresource; returns when the API server serves it. */
export async function define(client: KubeClient, { kind, plural, replicasAt }: CustomDefinition): Promise<void> {
  const scale = {
    specReplicasPath: `.${replicasAt}`,
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  };
  await client.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {}, scale },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  await until(`${plural} are served`, async () =>
    client.get(collectionOf('default', plural)).then(
      () => true,
      (error: unknown) => !isStatus(error, 404),
    ),
  );
}

export const collectionOf = (namespace: string, plural: string): string =>
  `/apis/${apiVersion}/namespaces/${namespace}/${plural}`;

/** As somebody has it in a repository: without annotations. */
export function customObject({ kind, replicasAt }: CustomDefinition, name: string, replicas: number): object {
  const [, ...path] = replicasAt.split('.');
  const size = path.reduceRight<unknown>((value, key) => ({ [key]: value }), replicas) as object;
  return { apiVersion, kind, metadata: { name }, spec: { ...size, template: 'v1' } };
}
