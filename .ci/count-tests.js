const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/**
 * count-tests.js <folder> [failed stage...]: prints "N passed, N failed", exits 1 unless all is well. The folder holds jest's
 * json of each stage that ran tests, as "<stage>.json". A suite that did not even load counts as one failed test, so does a
 * stage that failed with no failed test to show for it.
 */
const [folder, ...failedStages] = process.argv.slice(2);
const files = folder && existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

let passed = 0;
let failed = 0;
const explained = new Set();
for (const file of files) {
  const jest = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const failedHere = jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  passed += jest.numPassedTests;
  failed += failedHere;
  if (failedHere > 0) explained.add(path.basename(file, '.json'));
}
failed += failedStages.filter((stage) => !explained.has(stage)).length;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
