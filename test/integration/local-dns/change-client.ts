import type { RecordSet } from '../../../drivers/local/dns/record-set';

/** Sends a batch to the change API and returns the HTTP status. */
export async function change(apiPort: number, changes: readonly unknown[]): Promise<number> {
  const body = JSON.stringify({ changes });
  const response = await fetch(`http://127.0.0.1:${apiPort}/changes`, { method: 'POST', body });
  await response.arrayBuffer();
  return response.status;
}

export async function create(apiPort: number, set: RecordSet): Promise<void> {
  const status = await change(apiPort, [{ action: 'CREATE', ...set }]);
  if (status !== 200) throw new Error(`the record could not be created: ${status}`);
}

export async function recordSets(apiPort: number, name?: string): Promise<readonly RecordSet[]> {
  const query = name === undefined ? '' : `?name=${name}`;
  const response = await fetch(`http://127.0.0.1:${apiPort}/records${query}`);
  return ((await response.json()) as { sets: readonly RecordSet[] }).sets;
}
