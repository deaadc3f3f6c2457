import { until } from '../../integration/faults/until';
import { expectFound } from '../../integration/readiness/drift';
import { localDrifts } from '../../integration/readiness/local-drifts';
import { startDriftLab, type DriftLab } from './drift-lab';
import { kubernetesDrifts } from './drifts';

let there: DriftLab;
beforeAll(async () => {
  there = await startDriftLab();
});
afterAll(async () => there?.tearDown());

let saw = '';
/** Controllers of the cluster take a moment to bring things back. */
const isReady = async (): Promise<boolean> => {
  const { state, reasons } = await there.evaluate();
  saw = JSON.stringify(reasons);
  return state === 'Ready';
};
const untilReady = async (): Promise<void> => until('the group is Ready', isReady, () => saw);

test('without a drift the group is Ready', untilReady);

test.each(kubernetesDrifts.map((drift) => [drift.name, drift] as const))(
  'found within one evaluation, with what to do: %s',
  async (_name, drift) => {
    await expectFound(there, drift, there.evaluate);
    await untilReady();
  },
);

test('there are at least twenty drifts, at least ten of them of local sites', () => {
  expect(localDrifts.length).toBeGreaterThanOrEqual(10);
  expect(localDrifts.length + kubernetesDrifts.length).toBeGreaterThanOrEqual(20);
});
