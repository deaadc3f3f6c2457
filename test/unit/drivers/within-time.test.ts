import net from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';
import { withinTime } from '../../../drivers/within-time';

const collectGarbage = (): void => {
  v8.setFlagsFromString('--expose-gc');
  (vm.runInNewContext('gc') as () => void)();
};

/** A server that takes connections and says nothing; garbage is collected all the while. */
async function whileSilent<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const collecting = setInterval(collectGarbage, 10);
  try {
    return await use(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  } finally {
    clearInterval(collecting);
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const forever = new AbortController();

test.each([
  ['alone', undefined],
  ['beside a signal that never comes', forever.signal],
])(
  'a request without an answer ends when its time is over, whatever is collected as garbage: %s',
  async (_how, signal) => {
    const outcome = whileSilent((url) =>
      withinTime({ ms: 300, signal }, (either, late) =>
        fetch(url, { signal: either }).then(
          () => 'answered',
          (error: unknown) => `${(error as Error).name}, late: ${late()}`,
        ),
      ),
    );
    expect(await outcome).toMatch(/^(TimeoutError|AbortError), late: true$/);
  },
);

test('it ends with the other signal, and is not late then', async () => {
  const outer = new AbortController();
  const outcome = withinTime({ ms: 60_000, signal: outer.signal }, (signal, late) => {
    outer.abort();
    return Promise.resolve([signal.aborted, late()]);
  });
  expect(await outcome).toEqual([true, false]);
});

test('what ends in time is answered, and its time is not waited for', async () => {
  expect(await withinTime({ ms: 2 ** 40 }, () => Promise.resolve('done'))).toBe('done');
});
