import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { verifySignature } from '../../../activities/verify-signature';
import { publicKeyOf, signed } from '../../../cli/temporal/sign-message';
import type { RunStatus, WaitingFor } from '../../../core/model/run';
import { statementText } from '../../../core/model/statement';

const { privateKey } = generateKeyPairSync('ed25519');
const folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-sign-'));
const keyFile = path.join(folder, 'key.pem');
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gate = (name: string, asking: number): WaitingFor => ({
  kind: 'approval',
  name,
  prompt: '?',
  since: '2026-12-05T22:00:00.000Z',
  asking,
  answers: [],
});
const statusWith = (...waitingFor: readonly WaitingFor[]): RunStatus => ({
  workflowId: 'failback/shop/1',
  runId: 'run-1',
  group: 'shop',
  operation: 'failback',
  phase: 'waiting',
  planHash: 'a'.repeat(64),
  committed: false,
  waitingFor,
  steps: [],
  rollback: [],
  startedAt: '2026-12-05T21:00:00.000Z',
  children: [],
});
const payload = { by: 'ana@example.com', decision: 'approve' };

test('what is signed holds the run, the plan, the gate and its asking', async () => {
  const status = statusWith(gate('cutover', 3));
  const message = await signed(status, { name: 'decide', payload, keyFile });
  const { at, value } = message['signature'] as { at: string; value: string };
  expect(message).toMatchObject({ ...payload, gate: 'cutover' });
  const { workflowId, runId, planHash = '' } = status;
  const said = { message: 'decide', workflowId, runId, planHash, gate: 'cutover', by: payload.by };
  const verify = (asking: number) => {
    const text = statementText({ ...said, asking, says: 'approve', comment: '', at });
    return verifySignature({ text, publicKey: publicKeyOf(privateKey).publicKey, signature: value }).valid;
  };
  expect([verify(2), verify(3), verify(4)]).toEqual([false, true, false]);
});

test('with several gates open, or none, a signature must say which it is for', async () => {
  const sign = (...waitingFor: readonly WaitingFor[]) =>
    signed(statusWith(...waitingFor), { name: 'decide', payload, keyFile });
  await expect(sign(gate('cutover', 1), gate('second', 1))).rejects.toThrow('--gate; open: cutover, second');
  await expect(sign()).rejects.toThrow('name the gate with --gate; open: none');
});
