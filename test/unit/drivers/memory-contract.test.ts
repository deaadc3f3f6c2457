import { describeCheckContract } from '../../contract/check-contract';
import { describeReplicationContract } from '../../contract/replication-contract';
import { describeTrafficContract } from '../../contract/traffic-contract';
import { describeWorkloadContract } from '../../contract/workload-contract';
import {
  memoryCheckFixture,
  memoryReplicationFixture,
  memoryTrafficFixture,
  memoryWorkloadFixture,
} from './memory-fixtures';

describeWorkloadContract('in-memory workloads', memoryWorkloadFixture);
describeReplicationContract('in-memory replication', memoryReplicationFixture);
describeTrafficContract('in-memory traffic', memoryTrafficFixture);
describeCheckContract('in-memory checks', memoryCheckFixture);
