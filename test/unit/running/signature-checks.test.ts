import { SignatureChecks } from '../../../workflows/signature-checks';

const wrong = (): Promise<string> => Promise.resolve('wrong');
const right = (): Promise<object> => Promise.resolve({});

test('four signatures of a gate are verified at a time, and other gates do not wait for them', async () => {
  const checks = new SignatureChecks();
  const finish: (() => void)[] = [];
  const slow = () => new Promise<object>((resolve) => finish.push(() => resolve({})));
  const running = Array.from({ length: 4 }, () => checks.counting('go', slow));
  expect(checks.refusal('go')).toContain('4 signatures are being verified');
  expect(checks.refusal('other')).toBeUndefined();
  finish.forEach((done) => done());
  await Promise.all(running);
  expect(checks.refusal('go')).toBeUndefined();
});

test('a hundred wrong signatures at a gate are the last that are verified there; right ones do not count', async () => {
  const checks = new SignatureChecks();
  for (let count = 0; count < 99; count += 1) await checks.counting('go', wrong);
  for (let count = 0; count < 10; count += 1) await checks.counting('go', right);
  expect(checks.refusal('go')).toBeUndefined();
  await checks.counting('go', wrong);
  expect(checks.refusal('go')).toContain('takes nothing signed any more');
  expect(checks.refusal('other')).toBeUndefined();
});

test('a verification that fails of itself holds no place', async () => {
  const checks = new SignatureChecks();
  for (let count = 0; count < 4; count += 1) {
    await expect(checks.counting('go', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  }
  expect(checks.refusal('go')).toBeUndefined();
});
