import { benchEvidence } from './evidence/bench-evidence';
import type { Measured } from './figures';
import { measureApproval } from './measure/approval';
import { measureCrashes } from './measure/crash';
import { measureMakespan } from './measure/makespan';
import { measureStepTime } from './measure/step-time';
import { benchSync } from './sync/bench-sync';

export interface Measurement {
  readonly name: string;
  /** What it takes, about. */
  readonly seconds: number;
  readonly measure: () => Promise<Partial<Measured>>;
}

/** Every measurement has a server and workers of its own, one after the other, so that none is measured beside another. */
export const measurements: readonly Measurement[] = [
  { name: 'step', seconds: 10, measure: async () => ({ stepMs: await measureStepTime() }) },
  { name: 'makespan-1s', seconds: 30, measure: makespan1s },
  { name: 'makespan-200ms', seconds: 30, measure: makespan200ms },
  { name: 'thousand', seconds: 75, measure: thousandWorkloads },
  { name: 'approval', seconds: 10, measure: async () => ({ approvalMs: await measureApproval() }) },
  { name: 'sync', seconds: 90, measure: sync },
  { name: 'evidence', seconds: 300, measure: evidence },
  { name: 'crash', seconds: 110, measure: measureCrashes },
];

async function makespan1s(): Promise<Partial<Measured>> {
  const { ratio, footprintMiB } = await measureMakespan({ ...size('wide', 5, 20), stepMs: 1000 });
  return { makespanRatio1s: ratio, footprintMiB };
}

async function makespan200ms(): Promise<Partial<Measured>> {
  const { ratio } = await measureMakespan({ ...size('short', 5, 10), stepMs: 200, copies: 5 });
  return { makespanRatio200ms: ratio };
}

async function thousandWorkloads(): Promise<Partial<Measured>> {
  const { ratio, maxHistoryEvents, workerPeakMiB } = await measureMakespan({ ...size('large', 10, 100), stepMs: 1000 });
  return { thousandWorkloadsRatio: ratio, maxHistoryEvents, workerRssMiB: workerPeakMiB };
}

async function sync(): Promise<Partial<Measured>> {
  const { syncFilesRatio, syncLargeFileRatio } = await benchSync();
  return { syncFilesRatio, syncLargeFileRatio };
}

async function evidence(): Promise<Partial<Measured>> {
  const { folder, s3 } = await benchEvidence();
  return {
    evidenceFolderAppendMs: folder.appendMs,
    evidenceS3AppendMs: s3?.appendMs ?? null,
    evidenceFolderVerifySeconds: folder.verifySeconds,
    evidenceS3VerifySeconds: s3?.verifySeconds ?? null,
  };
}

const size = (group: string, priorities: number, workloadsPerGroup: number) => ({
  group,
  priorities,
  workloadsPerGroup,
});
