import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { KubeError } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeObject } from '../../../drivers/kubernetes/kube-object';
import { BatchedRead } from '../../../drivers/kubernetes/reading/batched-read';
import { NamedReads } from '../../../drivers/kubernetes/reading/named-reads';
import { indexed, ObjectIndex } from '../../../drivers/kubernetes/reading/object-index';

const object = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  metadata: { name, uid: name, resourceVersion: '1', labels },
});

describe('a read that many share', () => {
  test('gives nobody an answer that was asked for before', async () => {
    let sent = 0;
    const answers: (() => void)[] = [];
    const read = new BatchedRead(async () => {
      sent += 1;
      const number = sent;
      await new Promise<void>((resolve) => answers.push(resolve));
      return number;
    });
    const first = read.fresh();
    while (answers.length < 1) await Promise.resolve();
    const late = [read.fresh(), read.fresh(), read.fresh()];
    answers[0]?.();
    expect(await first).toBe(1);
    while (answers.length < 2) await new Promise(setImmediate);
    answers[1]?.();
    expect(await Promise.all(late)).toEqual([2, 2, 2]);
    expect(sent).toBe(2);
  });

  test('goes on after one that failed', async () => {
    let sent = 0;
    const read = new BatchedRead(async () => {
      sent += 1;
      if (sent === 1) throw new Error('down');
      return sent;
    });
    await expect(read.fresh()).rejects.toThrow('down');
    await expect(read.fresh()).resolves.toBe(2);
  });

  test('lets a few come at once, and those who go on asking wait for each other', async () => {
    jest.useFakeTimers();
    try {
      let sent = 0;
      const read = new BatchedRead(async () => (sent += 1));
      // 50 ms of debt each, of which 250 are allowed.
      for (let number = 1; number <= 6; number += 1) await read.fresh();
      expect(sent).toBe(6);
      const waiting = [read.fresh(), read.fresh()];
      await jest.advanceTimersByTimeAsync(40);
      expect(sent).toBe(6);
      await jest.advanceTimersByTimeAsync(20);
      expect(await Promise.all(waiting)).toEqual([7, 7]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('objects found by name and by label', () => {
  test('what was changed or removed is found where it is now, and nowhere else', () => {
    const index = new ObjectIndex([object('a', { app: 'shop' }), object('b', { app: 'shop' }), object('c')]);
    const inShop = () => index.of({ label: ['app', 'shop'] }).map(({ metadata }) => metadata.name);
    expect(inShop()).toEqual(['a', 'b']);
    index.put(object('a', { app: 'bank' }));
    index.remove('c');
    expect(inShop()).toEqual(['b']);
    expect(index.of({ label: ['app', 'bank'] })).toHaveLength(1);
    expect(index.of({ name: 'c' })).toEqual([]);
    expect(index.of('all')).toHaveLength(2);
    expect(index.get('a')?.metadata.labels).toEqual({ app: 'bank' });
  });

  test('a change names every subject that it concerns, of before and of now', () => {
    const index = new ObjectIndex([object('a', { app: 'shop' })]);
    expect(index.put(object('a', { app: 'bank' }))).toEqual(
      expect.arrayContaining(['name a', 'label app shop', 'label app bank']),
    );
    expect(index.remove('a')).toEqual(['name a', 'label app bank']);
    expect(index.remove('a')).toEqual([]);
  });

  test('a list that is shared is indexed once', () => {
    const items = [object('a')];
    expect(indexed(items)).toBe(indexed(items));
  });
});

describe('reads of single objects', () => {
  const there = ['a', 'b', 'c', 'd'];
  function reads() {
    const asked: string[] = [];
    const get = async (path: string): Promise<unknown> => {
      asked.push(path);
      if (path === '/things') return { metadata: { resourceVersion: '1' }, items: there.map((name) => object(name)) };
      const name = path.slice('/things/'.length);
      if (!there.includes(name)) throw new KubeError(404, 'NotFound', 'there is none');
      return object(name);
    };
    return { asked, named: new NamedReads({ get } as unknown as KubeClient, '/things') };
  }

  test.each([
    ['one', ['a'], ['/things/a']],
    ['two', ['a', 'x'], ['/things/a', '/things/x']],
    ['many', ['a', 'b', 'c', 'x'], ['/things']],
  ])('%s at a time', async (_what, names, paths) => {
    const { asked, named } = reads();
    const found = await Promise.all(names.map(async (name) => named.find(name)));
    expect(found.map((one) => one?.metadata.name)).toEqual(names.map((name) => (name === 'x' ? undefined : name)));
    expect(asked).toEqual(paths);
  });
});
