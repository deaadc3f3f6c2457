import { describeContract } from '../../contract/contract';
import { stageRules } from '../../contract/stage-contract';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { setUpStage } from './stage-fixture';

let clusters: TwoClusters;

beforeAll(async () => void (clusters = await startTwoClusters()));
afterAll(async () => clusters.stop());

describeContract('Kubernetes', stageRules, async () => setUpStage(clusters));
