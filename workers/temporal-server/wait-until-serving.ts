import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

/** grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING; the client does not export the enumeration. */
const servingStatus = 1;

export interface Serving {
  readonly address: string;
  readonly namespace: string;
  /** Names that must be registered: a workflow that sets an unknown one would hang for ever. */
  readonly searchAttributes: readonly string[];
  readonly withinSeconds: number;
  /** Aborted when waiting has no more sense: the server's process has ended. */
  readonly signal: AbortSignal;
}

/** Resolves to undefined when the server takes work, or to one line that says what was missing when the time was up. */
export async function waitUntilServing(serving: Serving): Promise<string | undefined> {
  const deadline = Date.now() + serving.withinSeconds * 1000;
  let missing = 'it was not asked';
  while (!serving.signal.aborted && Date.now() < deadline) {
    const answer = await ask(serving);
    if (answer === undefined) return undefined;
    missing = answer;
    await pause(50, undefined, { signal: serving.signal }).catch(() => undefined);
  }
  return missing;
}

async function ask({ address, namespace, searchAttributes }: Serving): Promise<string | undefined> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1000 });
    return await connection.withDeadline(Date.now() + 2000, () => askOn(connection!, namespace, searchAttributes));
  } catch (error) {
    return (error as Error).message;
  } finally {
    await connection?.close();
  }
}

async function askOn(
  connection: Connection,
  namespace: string,
  searchAttributes: readonly string[],
): Promise<string | undefined> {
  const service = 'temporal.api.workflowservice.v1.WorkflowService';
  const { status } = await connection.healthService.check({ service });
  if (Number(status) !== servingStatus) return `its health status is ${status}, not SERVING (${servingStatus})`;
  await connection.workflowService.describeNamespace({ namespace });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const absent = searchAttributes.filter((name) => !Object.hasOwn(customAttributes ?? {}, name));
  return absent.length === 0 ? undefined : `search attributes ${absent.join(', ')} are not registered`;
}
