const { existsSync, readFileSync } = require('node:fs');

/**
 * count-tests.js <jest's json> [failed stage...]: prints "N passed, N failed", exits 1 unless all is well.
 * A suite that did not even load counts as one failed test, so does a stage that failed with no failed test to show for it.
 */
const [file, ...failedStages] = process.argv.slice(2);
const jest = file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const passed = jest?.numPassedTests ?? 0;
const failedTests = (jest?.numFailedTests ?? 0) + (jest?.numRuntimeErrorTestSuites ?? 0);
const unexplained = failedStages.filter((stage) => stage !== 'npm test' || failedTests === 0);
const failed = failedTests + unexplained.length;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
