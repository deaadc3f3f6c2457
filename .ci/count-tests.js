const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/**
 * count-tests.js <folder> [failed stage...]: prints "N passed, N failed", exits 1 unless all is well. In the folder is jest's JSON of
 * each stage that ran tests, "<stage>.json". A suite that did not even load counts as one failed test, so does a stage that failed
 * with no failed test to show for it.
 */
const [folder, ...failedStages] = process.argv.slice(2);
const files = folder && existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
const stages = files.map((file) => {
  const jest = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const failed = (jest.numFailedTests ?? 0) + (jest.numRuntimeErrorTestSuites ?? 0);
  return { name: path.basename(file, '.json'), passed: jest.numPassedTests ?? 0, failed };
});
const sum = (counted) => stages.reduce((total, stage) => total + stage[counted], 0);
const passed = sum('passed');
const explained = new Set(stages.filter(({ failed }) => failed > 0).map(({ name }) => name));
const failed = sum('failed') + failedStages.filter((name) => !explained.has(name)).length;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
