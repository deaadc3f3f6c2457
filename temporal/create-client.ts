import type { Client, ConnectionLike } from '@temporalio/client';
import { askAgain } from '../core/model/query-too-early';
import { dataConverter } from './data-converter';
import type { Tracing } from './tracing';

/**
 * The one way to a client of Temporal: it reads what the workers write, and asks again where a run says so. Loads the client's
 * package only now, which takes longer than most commands.
 */
export async function createClient(
  connection: ConnectionLike,
  namespace = 'default',
  tracing?: Pick<Tracing, 'client'>,
): Promise<Client> {
  const { Client } = await import('@temporalio/client');
  return new Client({
    connection,
    namespace,
    dataConverter,
    interceptors: { workflow: [{ query: askAgain }, ...(tracing ? [tracing.client] : [])] },
  });
}
