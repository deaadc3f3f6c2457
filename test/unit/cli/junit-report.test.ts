import fc from 'fast-check';
import { junitReport } from '../../../cli/views/junit-report';
import { readXml } from './read-xml';
import { failover, reprotect, testedOf, trials } from './trial-news';

test('a suite is a scene, a case a fault by its own name, a failure what ended otherwise than designed', () => {
  const { name, attributes, children } = readXml(junitReport(testedOf([...failover, ...reprotect]).runbooks));
  expect({ name, attributes }).toMatchObject({ name: 'testsuites', attributes: { tests: '6', failures: '2' } });
  expect(children.map((suite) => suite.attributes)).toMatchObject([
    { name: 'shop: planned failover', file: 'runbooks/shop.yaml', tests: '5', failures: '2' },
    { name: 'shop: reprotect', tests: '1', failures: '0' },
  ]);
  const cases = children[0]?.children ?? [];
  expect(cases.map((one) => one.attributes['name'])).toEqual([
    'nothing fails',
    'gate approval/cutover stays closed',
    '"stop web at alpha" fails (stop-workload/web@alpha)',
    '"stop web at alpha" is done and its answer lost (stop-workload/web@alpha)',
    'while rolling back, "start web at alpha again" fails (undo/start-workload/web@alpha)',
  ]);
  const failures = cases.map(({ children: [failure] }) => failure?.attributes['type']);
  expect(failures).toEqual([undefined, undefined, 'NotUndone', 'NotUndone', undefined]);
  expect(cases[2]?.children[0]).toMatchObject({
    attributes: { message: expect.stringContaining('stays done') },
    text: expect.stringMatching(
      /rolled back, but NotUndone\n\nNotUndone: freeze.*\nTo mend it: Give it an `inverse`\./,
    ),
  });
});

/** Everything that people may write into a runbook. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(']]>', '<!--', '&amp;', '"\'<>&', 'a\nb\tc', '\u0000\u001b[31m\ufffe\ud800', '<![CDATA['),
);

test('whatever the texts, it is well-formed, and says what XML can say of them', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 4, maxLength: 4 }), ([title = '', saw = '', fix = '', group = '']) => {
      const tested = testedOf([
        { kind: 'runbook', file: `${group}.yaml`, group },
        { kind: 'scene', operation: 'failover', scene: title, trials: 1 },
        {
          kind: 'trial',
          trial: {
            ...{ operation: 'failover', scene: title, end: 'rolled-back' },
            fault: { step: title, title, moment: 'before', during: 'run' },
            wrong: [{ code: 'NotAsBefore', subject: title, saw, fix }],
          },
        },
      ]);
      const [suite] = readXml(junitReport(tested.runbooks)).children;
      expect(suite?.children).toHaveLength(1);
    }),
  );
});

test('marks of markup come back as they were', () => {
  const [, , , failing] = trials;
  const wrong = [{ code: 'NotAsBefore', subject: 's', saw: 'a <b> & "c"\nd', fix: ']]> & <e>' }] as const;
  const tested = testedOf([...failover.slice(0, 2), { kind: 'trial', trial: { ...failing!, wrong } }]);
  const failure = readXml(junitReport(tested.runbooks)).children[0]?.children[0]?.children[0];
  expect(failure?.attributes['message']).toBe('a <b> & "c"\nd');
  expect(failure?.text).toContain('To mend it: ]]> & <e>');
});
