import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

const blocksOf = (name: string): string[] => {
  const page = readFileSync(path.join(__dirname, '../../../docs', name), 'utf8');
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);
};
const blocks = blocksOf('how-to-write-a-runbook.md');
const complete = blocks.find((block) => block.startsWith('switchback:')) ?? '';
const others = [
  'how-to-ask-for-approval.md',
  'how-to-handle-a-failed-step.md',
  'how-to-set-maintenance-windows.md',
  'how-to-tell-people.md',
  'how-to-schedule-drills.md',
  'how-to-run-hooks.md',
  'how-to-add-manual-steps.md',
  'how-to-hold-a-drill.md',
  'how-to-test-a-runbook.md',
  'how-to-choose-a-recovery-point.md',
  'how-to-attest-a-drill.md',
  'how-to-use-route53.md',
  'how-to-write-checks.md',
].flatMap(blocksOf);
const parts = [...blocks, ...others].filter((block) => block !== complete && !block.startsWith('#'));

const told = (text: string): string[] => {
  const parsed = parseRunbook(text, 'how-to.yaml');
  return (parsed.ok ? parsed.warnings : parsed.diagnostics).map(formatDiagnostic);
};

test('the complete runbook of the how-to is accepted as it stands', () => {
  expect(told(complete)).toEqual([]);
});

test.each(parts.map((part) => [part.split('\n')[0] ?? '', part]))(
  'a part of the how-to fits into the complete runbook: %s',
  (_, part) => {
    expect(told(stringify({ ...(parse(complete) as object), ...(parse(part) as object) }))).toEqual([]);
  },
);

test('the how-to has parts', () => {
  expect(parts.length).toBeGreaterThanOrEqual(5);
});

test.each(blocksOf('how-to-use-kubernetes.md'))(
  'each part of the Kubernetes page makes a runbook with its sites and workloads',
  (block) => {
    const [first = ''] = blocksOf('how-to-use-kubernetes.md');
    const rest = { switchback: 1, group: 'shop', objectives: { rpo: '1m', rto: '5m' } };
    expect(told(stringify({ ...rest, ...(parse(first) as object), ...(parse(block) as object) }))).toEqual([]);
  },
);
