import { buildReport } from '../../../core/report/build-report';
import { namedLoss } from '../../../demo/conclusion/evidence';
import { plannedFailback, unplannedFailover } from '../report/scenarios';

test('what is lost begins after the last record of the recovery point', () => {
  const report = buildReport(unplannedFailover);
  const [volume] = report.dataLoss.volumes;
  expect(namedLoss(report)).toEqual({ epoch: volume?.epoch, fromRecord: (volume?.records ?? NaN) + 1 });
});

test('a report that names no loss proves nothing', () => {
  expect(() => namedLoss(buildReport(plannedFailback))).toThrow('names no loss by records');
});
