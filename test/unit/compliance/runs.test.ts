import type { LeftAs } from '../../../core/model/left-as';
import type { Report } from '../../../core/report/report';
import { attested, breached, drill, move, said, terms, what } from './kept';

const at = '2026-11-10T10:00:00.000Z';
const left: LeftAs = { observedAt: at, sites: [], records: [] };
const unmeasured = { recoveryTime: { because: 'rolled back: the recovery was given up', from: [] } };
const notApplicable = (because: string): Pick<Report, 'objectives'> => ({
  objectives: {
    rpo: { result: 'not-applicable', because, from: [] },
    rto: { result: 'not-applicable', because, objectiveSeconds: 60, from: [] },
  },
});

const results = (reports: Parameters<typeof said>[0]['reports'] = []) =>
  said({ reports }).runs.map(({ recoveries }) =>
    recoveries.map(({ result, achievedSeconds }) => [result, achievedSeconds]),
  );

test('a move is judged by its recovery time, people included', () => {
  expect(results([move('failover/1', at, 45), move('failover/2', '2026-11-11T10:00:00.000Z', 75)])).toEqual([
    [['met', 45]],
    [['missed', 75]],
  ]);
  const group = said({ reports: [move('failover/2', at, 75)] });
  expect(group.verdict).toBe('not-compliant');
  expect(what(group, 'violation')).toEqual(['rto: failover/2: failover missed the RTO of 1 min: 1 min 15 s']);
});

test('a run that was rolled back is not counted as met', () => {
  const because = 'rolled back: the recovery was given up';
  const group = said({
    reports: [move('failover/1', at, 20, { verdict: 'rolled-back', ...unmeasured, ...notApplicable(because) })],
  });
  expect(group.runs[0]?.recoveries).toEqual([{ what: 'failover', result: 'not-counted', because }]);
  expect(group.verdict).toBe('compliant');
});

test.each(['declined', 'refused', 'expired', 'withdrawn'] as const)('one that was %s recovered nothing', (verdict) => {
  expect(results([move('failover/1', at, 20, { verdict, ...notApplicable('the service was not touched') })])).toEqual([
    [],
  ]);
});

test('traffic that was seen in a run that did not complete proves no recovery', () => {
  const group = said({ reports: [move('failover/1', at, 20, { verdict: 'aborted' })] });
  expect(group.runs[0]?.recoveries).toMatchObject([{ result: 'unknown' }]);
  expect(group.verdict).toBe('not-provable');
});

describe('a run that continues one that left the group Incomplete', () => {
  const first = move('failover/1', at, 30, {
    ...{ verdict: 'aborted', left },
    recoveryTime: { because: 'the run ended without verified traffic', startedAt: at, from: [] },
  });

  test('is judged since that one began, and that one is not counted', () => {
    const second = move('failover/2', '2026-11-10T10:02:00.000Z', 20);
    expect(results([second, first])).toEqual([[['not-counted', undefined]], [['missed', 140]]]);
  });

  test('is met when all of it was in time', () => {
    expect(results([first, move('failover/2', '2026-11-10T10:00:35.000Z', 20)])).toEqual([
      [['not-counted', undefined]],
      [['met', 55]],
    ]);
  });

  test('goes back over several, also into the quarter before', () => {
    const september = {
      ...first,
      run: { ...first.run, startedAt: '2026-09-30T23:59:00.000Z', finishedAt: '2026-09-30T23:59:30.000Z' },
    };
    const begun = { ...september, recoveryTime: { ...first.recoveryTime, startedAt: '2026-09-30T23:59:00.000Z' } };
    const again = move('failover/2', '2026-09-30T23:59:40.000Z', 10, { verdict: 'aborted', left });
    expect(results([begun, again, move('failover/3', '2026-10-01T00:00:00.000Z', 30)])).toEqual([[['missed', 90]]]);
  });

  test('that has not recovered either is late once the objective is over', () => {
    const second = move('failover/2', '2026-11-10T10:02:00.000Z', 20, { verdict: 'rollback-incomplete' });
    expect(results([first, second])).toEqual([[['not-counted', undefined]], [['missed', undefined]]]);
  });
});

test('each move that a drill rehearsed is judged', () => {
  const slow = drill('drill/1', at, { seconds: 80 });
  const group = said({ reports: [slow], attestations: [attested(slow, 'passed')] });
  expect(group.runs[0]?.recoveries).toMatchObject([
    { what: 'failover of the copy', result: 'missed', achievedSeconds: 80, objectiveSeconds: 60 },
  ]);
  expect(group.verdict).toBe('not-compliant');
});

test('a move that lost more than its objective is no compliance, whatever the lag was', () => {
  const lost = move('failover/1', at, 20);
  const reports = [
    {
      ...lost,
      objectives: { ...lost.objectives, rpo: { result: 'missed' as const, because: 'orders lost 9 s', from: [] } },
    },
  ];
  expect(what(said({ reports }), 'violation')).toEqual([
    'rpo: failover/1 lost more data than the RPO allows: orders lost 9 s',
  ]);
});

test('a run belongs to the quarter in which it ended', () => {
  expect(results([move('failover/1', '2026-12-31T23:59:30.000Z', 29)])).toHaveLength(1);
  expect(results([move('failover/1', '2026-12-31T23:59:30.000Z', 30)])).toHaveLength(0);
  expect(results([move('failover/1', '2026-09-30T23:59:30.000Z', 30)])).toHaveLength(1);
});

describe('grades', () => {
  const grades = [
    { name: 'gold', withinRpoPercent: 99.99, longestBreachSeconds: 600, rtoSeconds: 60 },
    { name: 'silver', withinRpoPercent: 99, rtoSeconds: 90 },
  ];
  const graded = [terms({ objectives: { rpoSeconds: 5, rtoSeconds: 60, grades } })];
  const minutes = (count: number) => {
    const until = new Date(Date.parse(at) + count * 60_000).toISOString();
    return [breached('2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', [[at, until]])];
  };

  test.each([
    ['gold', 10, 60],
    ['silver', 11, 60],
    ['silver', 10, 61],
    [undefined, 10, 91],
    [undefined, 1400, 60],
  ])('%s is earned with a breach of %i min and a recovery of %i s', (earned, breach, recovery) => {
    const group = said({ terms: graded, samples: minutes(breach), reports: [move('failover/1', at, recovery)] });
    expect(group.grades?.earned).toBe(earned);
    expect(group.verdict).toBe(earned === undefined ? 'not-compliant' : 'compliant');
  });

  test('none is earned by time that is not known', () => {
    const [sample] = minutes(1);
    const samples = sample ? [{ ...sample, withinSeconds: sample.withinSeconds - 86_400, unknownSeconds: 86_400 }] : [];
    const group = said({ terms: graded, samples });
    expect(group.grades?.all.map(({ name, result }) => [name, result])).toEqual([
      ['gold', 'unknown'],
      ['silver', 'unknown'],
    ]);
    expect(group).toMatchObject({ verdict: 'not-provable', grades: { all: expect.anything() } });
    expect(group.grades?.earned).toBeUndefined();
  });

  test('one that tolerates it is earned all the same, and what is not known is said', () => {
    const [sample] = minutes(1);
    const samples = sample ? [{ ...sample, withinSeconds: sample.withinSeconds - 720, unknownSeconds: 720 }] : [];
    const group = said({ terms: graded, samples });
    expect(group.grades?.earned).toBe('silver');
    expect(what(group, 'note')).toContainEqual(expect.stringMatching(/^rpo: of 12 min .* it is not known/));
  });
});
