import type http from 'node:http';
import { KubeError, NoAnswer } from './kube-error';

export interface WatchEvent<Item> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Item;
}

/** One JSON event a line. Throws `KubeError` for an event of type ERROR (410: the version is too old), `NoAnswer` when it breaks. */
export async function* watchEvents<Item>(response: http.IncomingMessage): AsyncGenerator<WatchEvent<Item>> {
  // The silence of a watch says nothing about the server: whoever watches looks after it.
  response.socket.setTimeout(0);
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield eventOf<Item>(line);
    }
  } catch (error) {
    throw error instanceof KubeError ? error : new NoAnswer((error as Error).message);
  } finally {
    response.destroy();
  }
}

function eventOf<Item>(line: string): WatchEvent<Item> {
  const event = JSON.parse(line) as { type: string; object: unknown };
  if (event.type !== 'ERROR') return event as WatchEvent<Item>;
  const {
    code = 500,
    reason = '',
    message = line,
  } = event.object as { code?: number; reason?: string; message?: string };
  throw new KubeError(code, reason, message);
}
