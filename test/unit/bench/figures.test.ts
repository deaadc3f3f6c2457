import { jsonLine, table } from '../../../bench/figures';

const keys = [
  'stepMs',
  'makespanRatio1s',
  'makespanRatio200ms',
  'thousandWorkloadsRatio',
  'maxHistoryEvents',
  'workerRssMiB',
  'approvalMs',
  'syncFilesRatio',
  'syncLargeFileRatio',
  'evidenceFolderAppendMs',
  'evidenceS3AppendMs',
  'evidenceFolderVerifySeconds',
  'evidenceS3VerifySeconds',
  'footprintMiB',
  'workerKillSeconds',
  'serverKillSeconds',
];

describe('the figures', () => {
  test('are one line of JSON with every key, in order, whatever was measured', () => {
    const line = jsonLine({ approvalMs: 9.04, stepMs: 7 });
    expect(line).not.toContain('\n');
    expect(Object.keys(JSON.parse(line) as object)).toEqual(keys);
  });

  test('are null in JSON when they could not be measured', () => {
    expect(JSON.parse(jsonLine({ stepMs: 7, syncFilesRatio: null, approvalMs: Number.NaN }))).toMatchObject({
      stepMs: 7,
      syncFilesRatio: null,
      approvalMs: null,
      serverKillSeconds: null,
    });
  });

  test.each([
    ['stepMs', 7.123, 7.1],
    ['makespanRatio1s', 1.04312, 1.043],
    ['maxHistoryEvents', 2407, 2407],
    ['footprintMiB', 438.82, 439],
    ['workerKillSeconds', 3.456, 3.46],
  ] as const)('%s of %d is given as %d', (key, measured, given) => {
    expect(JSON.parse(jsonLine({ [key]: measured }))).toMatchObject({ [key]: given });
  });

  test('are a table with goal, what was measured and how, that judges nothing', () => {
    const lines = table({ stepMs: 99 }).split('\n');
    expect(lines).toHaveLength(1 + keys.length);
    expect(lines[1]).toMatch(/no-op step +<= 12 ms +99 ms +median of 200/);
    expect(lines[2]).toMatch(/<= 1\.05 x +- +5 groups x 20 workloads/);
  });
});
