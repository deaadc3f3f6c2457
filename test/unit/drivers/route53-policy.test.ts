import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { route53Policy } from '../../../deploy/aws/route53-policy';

const root = path.join(__dirname, '..', '..', '..');
const example = 'runbooks/examples/route53.yaml';

function records() {
  const parsed = parseRunbook(readFileSync(path.join(root, example), 'utf8'), example);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  expect(parsed.warnings).toEqual([]);
  return parsed.runbook.traffic;
}

test('the policy in deploy/aws is that of the example runbook (npm run policy:route53)', () => {
  const file = readFileSync(path.join(root, 'deploy/aws/route53-policy.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(route53Policy(records()));
});

test('each zone has its own names, and letters that the service escapes are escaped', () => {
  const [record] = records();
  if (record === undefined) throw new Error('the example has no record');
  const wild = { ...record, name: '*.example.org', provider: { driver: 'route53', hostedZoneId: 'Z2' } } as const;
  const { Statement } = route53Policy([record, wild], 'aws-cn');
  const names = Statement.map(({ Condition }) => Object.values(Condition?.['ForAllValues:StringEquals'] ?? {})[0]);
  expect(Statement.map(({ Resource }) => Resource)).toEqual([
    'arn:aws-cn:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
    'arn:aws-cn:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
    'arn:aws-cn:route53:::hostedzone/Z2',
    'arn:aws-cn:route53:::hostedzone/Z2',
    'arn:aws-cn:route53:::change/*',
  ]);
  expect(names).toEqual([
    undefined,
    ['shop.example.com', '_switchback.shop.example.com'],
    undefined,
    [String.raw`\052.example.org`, String.raw`_switchback.\052.example.org`],
    undefined,
  ]);
});

test('records that are not in Route 53 need nothing', () => {
  const elsewhere = records().map((record) => ({ ...record, provider: { driver: 'memory' } as const }));
  expect(route53Policy(elsewhere).Statement).toEqual([]);
});
