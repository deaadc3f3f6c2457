import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { workerUser, type BenchClusters } from './bench-clusters';

/** Counted by the API servers of both clusters since they started. */
export interface ApiRequests {
  /** Of the user of the worker: lists, gets, patches, and one for every watch. */
  readonly byWorker: number;
  /** Answered with 429 Too Many Requests, whoever asked. */
  readonly throttled: number;
}

export async function countRequests({ clusters }: BenchClusters): Promise<ApiRequests> {
  const [alpha, beta] = await Promise.all([metricsOf(clusters.alpha.client), metricsOf(clusters.beta.client)]);
  return {
    byWorker: byWorker(alpha) + byWorker(beta),
    throttled: throttled(alpha) + throttled(beta),
  };
}

const metricsOf = async (client: KubeClient): Promise<string> => client.text({ method: 'GET', path: '/metrics' });

/**
 * `apiserver_request_total` does not say who asked. Priority and Fairness does: by the flow schema, of which the worker's user has
 * one of its own. What it rejects was asked for as well.
 */
export function byWorker(metrics: string): number {
  const label = `flow_schema="${workerUser}"`;
  const dispatched = sumOf(metrics, 'apiserver_flowcontrol_dispatched_requests_total', label);
  return dispatched + sumOf(metrics, 'apiserver_flowcontrol_rejected_requests_total', label);
}

export const throttled = (metrics: string): number => sumOf(metrics, 'apiserver_request_total', 'code="429"');

/** Sum of the samples of a metric that have the label: `name{label="value",...} 12`. */
function sumOf(metrics: string, name: string, label: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
