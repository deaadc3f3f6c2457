import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readinessLines, readinessStateLines } from '../../../../cli/views/readiness-view';
import type { ProtectionState } from '../../../../core/model/protection';
import type { Readiness } from '../../../../core/model/readiness';
import { reasonCodes } from '../../../../core/model/readiness-codes';
import { groupDetails } from '../../../../core/report/group-details';
import { evaluate } from '../../readiness/subjects';

const page = readFileSync(path.join(__dirname, '../../../../docs/guide/readiness.md'), 'utf8');
const textOf = (lines: readonly (readonly { readonly text: string }[])[]): string =>
  lines.map((line) => line.map(({ text }) => text).join('')).join('\n');

/** What is found of the shop when its record was changed by hand, and the worker's token ends soon. */
async function found(): Promise<Readiness> {
  const readiness = await evaluate({
    observation: (seen) => ({
      ...seen,
      records: Object.fromEntries(
        Object.entries(seen.records).map(([name, one]) => [name, { ...one, values: ['127.0.9.9'], ttlSeconds: 600 }]),
      ),
    }),
    recovery: {
      workloads: [{ workload: 'web', images: {}, missing: ['script web.cjs'] }],
      credentials: [{ credential: 'token of the kubeconfig beta.yaml', expiresAt: '2026-11-21T10:01:00.000Z' }],
    },
  });
  return { ...readiness, tookSeconds: 0.3 };
}

test('the guide shows what the command prints', async () => {
  const shown = textOf(readinessLines('shop', await found()));
  expect(page).toContain(`\`\`\`text\n${shown}\n\`\`\``);
});

test('the guide has every reason with what to do, and no other', () => {
  const rows = page.split('\n').filter((line) => /^\| `[A-Z]/.test(line));
  const cells = rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const wanted = Object.entries(reasonCodes).map(([code, { means, doThis }]) => [`\`${code}\``, means, doThis]);
  expect(cells).toEqual(wanted);
});

const now = '2026-11-21T10:05:00.000Z';
const state = async (more: Partial<ProtectionState> = {}): Promise<ProtectionState> => ({
  group: 'shop',
  phase: 'Protected',
  activeSite: 'primary',
  epoch: 1,
  highestEpoch: 1,
  replication: { direction: 'none', paused: true, asOf: {} },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  runs: [],
  readiness: await found(),
  ...more,
});
const holder = { workflowId: 'failover/shop/1', runId: 'r', operation: 'failover', since: now } as const;

test('status has one line of it, and while a run holds the group says that it is from before', async () => {
  expect(textOf(readinessStateLines(await state(), now))).toBe(
    '  readiness  Not ready, 4 reasons, evaluated 5 min ago\n    switchback readiness shop',
  );
  expect(textOf(readinessStateLines(await state({ holder }), now))).toContain(
    'Not ready, 4 reasons, evaluated before run failover/shop/1 began',
  );
  const { readiness: _none, ...never } = await state();
  expect(readinessStateLines(never, now)).toEqual([]);
});

test('the details of the group have the state and the first reasons with what to do', async () => {
  const details = groupDetails(await state(), now);
  expect(details).toContain('Readiness: **Not ready**, evaluated');
  expect(details).toContain('and 1 more');
  expect(details).toContain('To do: ');
  expect(groupDetails(await state({ holder }), now)).toContain('evaluated before run');
});
