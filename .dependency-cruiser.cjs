/**
 * The dependency rule: who may import whom. Each folder has one row that says what it sees; anything else is an error.
 * ARCHITECTURE.md tells why; test/unit/tooling/dependency-rule.test.ts shows that each rule bites.
 */
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

const sees = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

/** Allowed by path, and Node's own modules by kind. */
const seesWithNode = (...row) => {
  const rule = sees(...row);
  return { ...rule, to: { ...rule.to, dependencyTypesNot: ['core'] } };
};

/** Which client a driver may bring along. */
const clients = {
  check: ['dns-packet', 'pg', '@types/pg'],
  kubernetes: ['@kubernetes/client-node'],
  local: ['dns-packet', '@types/dns-packet'],
  memory: [],
  route53: ['@aws-sdk/client-route-53', '@aws-sdk/credential-providers'],
};
const anyClient = Object.values(clients).flat();

const driverRules = Object.entries(clients).map(([driver, names]) => ({
  ...sees(
    `driver-${driver}-own-client`,
    `^drivers/${driver}/`,
    ['^(core|drivers)/', ...(names.length > 0 ? [npm(...names)] : [])],
    `drivers/${driver} may use these packages and no other: ${names.join(', ') || 'none'}.`,
  ),
  to: {
    path: npm('.+'),
    ...(names.length > 0 && { pathNot: npm(...names) }),
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycle', comment: 'Imports form no circle.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-packages-only',
      comment:
        'What runs in production is a dependency in package.json, not a development tool or a guest of another package.',
      severity: 'error',
      from: { path: '^(core|workflows|activities|drivers|temporal|workers|cli|simulation|demo)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    sees('model-sees-itself', '^core/model/', ['^core/model/'], 'core/model imports only core/model.'),
    sees(
      'report-as-html-sees',
      '^core/(report|compliance)/html/',
      ['^core/', npm('preact', 'preact-render-to-string')],
      'core/report/html and core/compliance/html see core and what renders HTML.',
    ),
    sees(
      'core-is-pure',
      '^core/(?!(report|compliance)/html/)',
      ['^core/', npm('zod', 'yaml', 'temporal-polyfill')],
      'core knows no Node, no Temporal, no driver; only zod, the YAML parser and calendar arithmetic.',
    ),
    sees(
      'workflows-see',
      '^workflows/',
      [
        '^workflows/',
        '^core/(model|running|report)/',
        '^activities/(evidence-|group-|instances-|point-|readiness-|replicate-|stage-)?contract\\.ts$',
        npm('zod', '@temporalio/workflow', '@temporalio/common'),
      ],
      'workflows see core/model, core/running, core/report, zod, the workflow API and the contract of the activities.',
    ),
    {
      name: 'workflows-see-only-types-of-activities',
      comment: 'The contract is imported with `import type`: no code of an activity enters the sandbox.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-reach-no-node',
      comment: 'Nothing reachable from a workflow is a module of Node: the sandbox has none.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: builtInModules(), reachable: true },
    },
    {
      name: 'workflows-reach-no-yaml',
      comment: 'Runbooks are parsed by an activity, once; the plan is pinned in history.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: npm('yaml'), reachable: true },
    },
    {
      name: 'workflows-reach-no-html',
      comment: 'Pages are rendered by an activity: no workflow carries what renders them.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: npm('preact', 'preact-render-to-string'), reachable: true },
    },
    {
      ...sees(
        'contract-is-types-only',
        '^activities/(instances-|point-|readiness-|replicate-|stage-)?contract\\.ts$',
        [],
        'The contract of the activities imports only types.',
      ),
      to: { dependencyTypesNot: ['type-only'] },
    },
    seesWithNode(
      'temporal-sees',
      '^temporal/',
      [
        '^temporal/',
        '^core/model/',
        npm('@temporalio/(client|common|proto|interceptors-opentelemetry)', '@opentelemetry/.+'),
      ],
      'temporal sees core/model, Node, OpenTelemetry, and what the Temporal client is made of: all who speak with Temporal import it.',
    ),
    seesWithNode(
      'evidence-sees',
      '^evidence/',
      ['^evidence/', '^core/(model|evidence|planning/canonical-json)', npm('@aws-sdk/client-s3', 'fflate')],
      'evidence sees the rules of the chain, the client of S3, archives, and Node: whoever verifies it needs no Temporal.',
    ),
    seesWithNode(
      'activities-see',
      '^activities/',
      [
        '^(activities|core|drivers|temporal|evidence)/',
        npm('@temporalio/activity', '@temporalio/common', '@temporalio/client'),
      ],
      'activities see core, drivers, temporal, Node and the activity and client APIs.',
    ),
    seesWithNode(
      'drivers-see',
      '^drivers/',
      ['^drivers/', '^core/model/', '^core/running/retention\\.ts$', npm(...anyClient)],
      'drivers see core/model, the retention arithmetic, Node and their own client; never Temporal.',
    ),
    {
      name: 'drivers-keep-apart',
      comment: "A driver never sees another driver's folder; what all share lies in drivers/ itself.",
      severity: 'error',
      from: { path: '^drivers/([^/]+)/' },
      to: { path: '^drivers/[^/]+/', pathNot: '^drivers/$1/' },
    },
    ...driverRules,
    seesWithNode(
      'cli-sees',
      '^cli/',
      [
        '^(cli|core|temporal|evidence)/',
        '^workflows/messages\\.ts$',
        npm(
          '@temporalio/client',
          '@temporalio/common',
          '@temporalio/envconfig',
          'commander',
          'log-update',
          'yaml',
          'zod',
        ),
      ],
      'cli sees core, temporal, the messages of the workflows and the Temporal client; it never touches a site.',
    ),
    seesWithNode(
      'simulation-sees',
      '^simulation/',
      ['^(simulation|core)/', '^activities/(contract\\.ts$|steps/)', '^drivers/(memory/|[^/]+\\.ts$)'],
      'simulation sees core, the bodies of steps and in-memory sites: it reaches no real site and no Temporal server.',
    ),
    {
      name: 'simulation-is-a-program',
      comment: 'Nobody imports the simulation but tests: the cli starts it as a program of its own.',
      severity: 'error',
      from: { path: '^(core|workflows|activities|drivers|temporal|workers|cli|demo|bench|scripts)/' },
      to: { path: '^simulation/' },
    },
    {
      name: 'workers-is-the-composition-root',
      comment:
        'Nobody imports workers, except the programs that put a whole installation up: demo, bench, lab and tests.',
      severity: 'error',
      from: { pathNot: '^(workers|demo|bench|lab|test)/' },
      to: { path: '^workers/' },
    },
    {
      name: 'product-sees-no-test-or-demo',
      comment: 'The product does not lean on its demo, its measurements, its tests or its tools.',
      severity: 'error',
      from: { path: '^(core|workflows|activities|drivers|temporal|workers|cli|simulation)/' },
      to: { path: '^(demo|bench|lab|test|scripts)/' },
    },
    {
      name: 'nobody-sees-the-cli',
      comment: 'The cli is an end of the graph; demo, bench, scripts and tests may show what it shows.',
      severity: 'error',
      from: { path: '^(core|workflows|activities|drivers|temporal|workers|simulation)/' },
      to: { path: '^cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^(coverage|\\.switchback)/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

function builtInModules() {
  const { builtinModules } = require('node:module');
  return `^(node:)?(${builtinModules.join('|').replaceAll('/', '\\/')})$`;
}
