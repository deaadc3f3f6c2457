import { searchAttributes } from '../../core/model/search-attributes';
import type { Session } from '../temporal/session';
import { error, ok, type Finding } from './check';

/** Value of IndexedValueType by the names that the Temporal CLI gives them. */
const INDEXED_VALUE_TYPES = { Keyword: 2, KeywordList: 7 } as const;

export async function serverAnswers({ connection, settings }: Session): Promise<Finding> {
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  return ok(`version ${serverVersion ?? 'unknown'} answers at ${settings.address}`);
}

export async function namespaceExists({ connection, settings }: Session): Promise<Finding> {
  const { config } = await connection.workflowService.describeNamespace({ namespace: settings.namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  return ok(`"${settings.namespace}" is there and keeps closed runs for ${Math.round(seconds / 3600)} hours`);
}

/** Without them every run would fail its first workflow task again and again. */
export async function searchAttributesRegistered({ connection, settings }: Session): Promise<Finding> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: settings.namespace });
  const wanted = Object.entries(searchAttributes);
  const wrong = wanted.filter(([name, type]) => Number(customAttributes?.[name]) !== INDEXED_VALUE_TYPES[type]);
  if (wrong.length === 0) return ok(`all ${wanted.length} are registered`);
  const commands = wrong.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  return error(
    `not registered: ${wrong.map(([name]) => name).join(', ')}`,
    `Start a worker that may register them, or: temporal operator search-attribute create --namespace ${settings.namespace} ${commands}`,
  );
}

/** Seeing runs is what every command needs; whether runs may be started is seen by `poll-rate`. */
export async function mayList({ client }: Session): Promise<Finding> {
  const { count } = await client.workflow.count(`WorkflowType = "protection"`);
  return ok(`workflows may be listed; ${count} protection groups so far`);
}

/** The server's own words when it refuses, with what to ask for. */
export const permissionsFix = (namespace: string): string =>
  `Give the API key or certificate the right to read and write workflows in namespace "${namespace}".`;
