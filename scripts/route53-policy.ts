import { readFileSync } from 'node:fs';
import { route53Policy } from '../deploy/aws/route53-policy';
import { formatDiagnostic } from '../core/runbook/diagnostic';
import { parseRunbook } from '../core/runbook/parse-runbook';

/** `npm run --silent policy:route53 -- runbooks/shop.yaml [...]`: what a worker that moves the records of these runbooks may do. */
const records = process.argv.slice(2).flatMap((file) => {
  const parsed = parseRunbook(readFileSync(file, 'utf8'), file);
  if (parsed.ok) return parsed.runbook.traffic;
  throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
});
const policy = route53Policy(records);
if (policy.Statement.length === 0) {
  console.error('these runbooks have no record in Route 53; give the paths of runbooks that do');
  process.exitCode = 1;
} else {
  console.log(JSON.stringify(policy, null, 2));
}
