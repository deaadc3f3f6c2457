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
    '/node_modules/(?!(temporal-polyfill|temporal-utils|log-update|ansi-escapes|cli-cursor|slice-ansi|strip-ansi|wrap-ansi)/)',
  ],
};

module.exports = {
  maxWorkers: 2,
  projects: [
    { ...common, displayName: 'unit', roots: ['<rootDir>/test/unit'] },
    {
      ...common,
      displayName: 'integration',
      roots: ['<rootDir>/test/integration'],
      globalSetup: '<rootDir>/test/integration/find-server-once.ts',
      setupFilesAfterEnv: ['<rootDir>/test/integration/patience.ts'],
    },
  ],
};
