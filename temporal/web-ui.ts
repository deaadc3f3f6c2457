export interface RunAddress {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** Where a run is in the Temporal Web UI at that address: "http://127.0.0.1:8233". */
export function webUiAddress(base: string, { namespace, workflowId, runId }: RunAddress): string {
  const parts = [namespace, 'workflows', workflowId, runId, 'history'].map(encodeURIComponent);
  return `${base.replace(/\/+$/, '')}/namespaces/${parts.join('/')}`;
}
