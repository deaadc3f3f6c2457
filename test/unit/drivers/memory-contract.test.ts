import { describeCheckContract } from '../../contract/check-contract';
import { describeReplicationContract } from '../../contract/replication-contract';
import { describeStandingContract } from '../../contract/standing-contract';
import { describeTrafficContract } from '../../contract/traffic-contract';
import { describeWorkloadContract } from '../../contract/workload-contract';
import {
  memoryCheckFixture,
  memoryReplicationFixture,
  memoryStandingFixture,
  memoryTrafficFixture,
  memoryWorkloadFixture,
} from './memory-fixtures';

describeWorkloadContract('in-memory workloads', memoryWorkloadFixture);
describeStandingContract('in-memory workloads, how they stand', memoryStandingFixture);
describeReplicationContract('in-memory replication', memoryReplicationFixture);
describeTrafficContract('in-memory traffic', memoryTrafficFixture);
describeCheckContract('in-memory checks', memoryCheckFixture);
