import { setImmediate as turn } from 'node:timers/promises';
import { interruptible } from '../../../cli/watch/interrupt';

const heard: (() => void)[] = [];
afterEach(() => heard.splice(0).forEach((listener) => process.off('SIGINT', listener)));

/** As what hides the cursor does: with nobody else there, it would end the process. */
function alsoListens(): readonly number[] {
  const others: number[] = [];
  const listener = (): void => {
    others.push(process.listenerCount('SIGINT') - 1);
  };
  process.on('SIGINT', listener);
  heard.push(listener);
  return others;
}

test('ctrl-c aborts, and whoever listens as well finds that it is dealt with; a second one is not', async () => {
  const before = process.listenerCount('SIGINT');
  await interruptible(async (signal) => {
    const others = alsoListens();
    expect(signal.aborted).toBe(false);
    process.emit('SIGINT');
    expect(signal.aborted).toBe(true);
    expect(others).toEqual([before + 1]);
    await turn();
    process.emit('SIGINT');
    expect(others).toEqual([before + 1, before]);
  });
});

test('nothing listens after the end', async () => {
  const before = process.listenerCount('SIGINT');
  await interruptible(() => Promise.resolve());
  await expect(interruptible(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(process.listenerCount('SIGINT')).toBe(before);
});
