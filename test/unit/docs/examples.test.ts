import { wrongEnds } from '../../../core/model/fault-trial';
import { failureCodes } from '../../../core/model/failure-codes';
import { reasonCodes } from '../../../core/model/readiness-codes';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { diagnosticCodes } from '../../../core/runbook/diagnostic-codes';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { attestMessage, decideMessage, failbackInput } from '../../../workflows/messages';
import { codeBlocks, codeSpans, fileText, page, pages, tableRows, writtenPages } from './pages';

const blocks = pages.flatMap(codeBlocks);

const runbooks = blocks.filter(({ language, code }) => language === 'yaml' && code.startsWith('switchback:'));

test.each(runbooks)('a runbook in $page is accepted as it stands', ({ page: name, code }) => {
  const parsed = parseRunbook(code, name);
  expect((parsed.ok ? [] : parsed.diagnostics).map(formatDiagnostic)).toEqual([]);
});

test('the runbook of the readme is made of lines of shop.yaml, in their order', () => {
  const shop = fileText('runbooks/shop.yaml').split('\n');
  const [excerpt = ''] = runbooks.filter((block) => block.page === 'README.md').map(({ code }) => code);
  const written = excerpt.split('\n').filter((line) => line !== '');
  expect(written.length).toBeGreaterThan(20);
  let from = 0;
  for (const line of written) {
    const found = shop.indexOf(line, from);
    expect({ line, found: found >= 0 }).toEqual({ line, found: true });
    from = found + 1;
  }
});

const decisions = blocks.filter(
  ({ language, page: name }) => language === 'json' && !name.startsWith('docs/reference/'),
);

test.each(decisions)('the JSON in $page is a message that a run, or the attestation of a drill, takes', ({ code }) => {
  const takers = [decideMessage, attestMessage.schema];
  expect(takers.some((schema) => schema.safeParse(JSON.parse(code)).success)).toBe(true);
});

test('there are messages', () => {
  expect(decisions.length).toBeGreaterThan(1);
});

test.each(['README.md', 'docs/guide/web-ui.md'])('what %s types into the Web UI starts a failback', (file) => {
  const form = Object.fromEntries(tableRows(page(file), 'Field').map(([field = '', value = '']) => [field, value]));
  const input: unknown = JSON.parse((form['Input (JSON)'] ?? '').replaceAll('`', ''));
  expect(failbackInput.safeParse(input).success).toBe(true);
  expect(form).toMatchObject({ 'Task Queue': '`switchback`', 'Workflow Type': '`failback`' });
});

test('every code of a failure, a diagnostic or a finding of tests has a heading in the reference', () => {
  const headings = [...page('docs/reference/error-codes.md').text.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  const codes = [failureCodes, diagnosticCodes, wrongEnds].flatMap((table) => Object.keys(table));
  expect(codes.filter((code) => !headings.includes(code))).toEqual([]);
});

test.each(writtenPages)(
  'every word of $file that looks like a code of ours is one, or a name in the sources',
  ({ file, text }) => {
    const known = [failureCodes, diagnosticCodes, reasonCodes].flatMap((table) => Object.keys(table));
    const endings =
      /(Failed|Missing|Changed|Mismatch|Interrupted|Unconfirmed|Unavailable|Declined|Closed|NotAllowed|NotFound)$/;
    const named = codeSpans({ file, text }).filter((span) => /^[A-Z][a-z]+[A-Z]\w+$/.test(span) && endings.test(span));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  },
);

test('the how-to about tests has a row for everything that they find', () => {
  const rows = tableRows(page('docs/how-to-test-a-runbook.md'), 'Found').map(([code = '']) => code.replaceAll('`', ''));
  expect(rows.sort()).toEqual(Object.keys(wrongEnds).sort());
});
