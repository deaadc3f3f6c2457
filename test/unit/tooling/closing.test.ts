import { Closing } from '../../integration/closing';

test('a lab closes the last opened first, and what was opened side by side before all that came before', async () => {
  const closed: string[] = [];
  const closing = await Closing.unlessOpen(async (opening) => {
    opening.first(() => closed.push('folder'));
    await opening.opened([Promise.resolve('alpha'), Promise.resolve('beta')], (part) => closed.push(part));
    opening.first(() => closed.push('worker'));
    return opening;
  });
  expect(closed).toEqual([]);
  await closing.close();
  expect(closed).toEqual(['worker', 'alpha', 'beta', 'folder']);
});

test('a lab that does not open closes what it has opened, also what is there only later', async () => {
  const closed: string[] = [];
  const opening = Closing.unlessOpen(async (lab) => {
    lab.first(() => closed.push('folder'));
    const late = new Promise<string>((resolve) => setImmediate(() => resolve('beta')));
    await lab.opened([Promise.reject(new Error('alpha does not start')), late], (part) => closed.push(part));
  });
  await expect(opening).rejects.toThrow('alpha does not start');
  expect(closed).toEqual(['beta', 'folder']);
});

test('a part that cannot be closed keeps no other one open, and is told', async () => {
  const closed: string[] = [];
  const closing = new Closing();
  closing.first(() => closed.push('folder'));
  closing.first(() => {
    throw new Error('the server hangs');
  });
  closing.first(async () => Promise.reject(new Error('the worker as well')));
  await expect(closing.close()).rejects.toThrow('not closed: Error: the worker as well; Error: the server hangs');
  expect(closed).toEqual(['folder']);
});
