const { execFileSync } = require('node:child_process');

/** Unit tests run by `npm run check`; everything that starts servers or processes is an integration test. */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(temporal-polyfill|temporal-utils|log-update|ansi-escapes|cli-cursor|slice-ansi|strip-ansi|wrap-ansi|@kubernetes/client-node|marked|openid-client|oauth4webapi|jose|pixelmatch)/)',
  ],
};

/** The control planes of test/kubernetes are given, cached, or built with Go; without any of it they are left out, which is said. */
async function kubernetesProject() {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    const { findBinaries } = require('tsx/cjs/api').require('./lab/kubernetes/binaries/find-binaries.ts', __filename);
    try {
      // Without Go it builds nothing.
      await findBinaries({ say: () => undefined });
    } catch (error) {
      process.stderr.write(`Kubernetes was not tested: ${error.message}\n`);
      return [];
    }
  }
  return [
    {
      ...common,
      displayName: 'kubernetes',
      roots: ['<rootDir>/test/kubernetes'],
      globalSetup: '<rootDir>/test/kubernetes/build-lab-once.ts',
      setupFilesAfterEnv: ['<rootDir>/test/integration/patience.ts'],
    },
  ];
}

module.exports = async () => ({
  // Much of the time is waited for: until a worker is missed, a resolver has forgotten a record, a pod has ended. Two at a time leave
  // two processors half idle.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/longest-first.js',
  projects: [
    { ...common, displayName: 'unit', roots: ['<rootDir>/test/unit'] },
    {
      ...common,
      displayName: 'integration',
      roots: ['<rootDir>/test/integration'],
      globalSetup: '<rootDir>/test/integration/find-server-once.ts',
      setupFilesAfterEnv: ['<rootDir>/test/integration/patience.ts'],
    },
    ...(await kubernetesProject()),
  ],
});
