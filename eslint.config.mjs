import { builtinModules } from 'node:module';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const builtIns = builtinModules.flatMap((name) => [name, `${name}/*`]);

const forbidden = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a file is named by its main export.',
  },
  exportAll: { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
  skippedTest: {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|failing)$/]',
    message: 'A test is run or deleted.',
  },
  prefixedTest: {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'A test is run or deleted.',
  },
  asyncValidator: {
    selector: 'Property[key.name="validator"] > :function[async=true]',
    message: 'An async update validator rejects nothing and poisons the workflow task: make it synchronous.',
  },
  clock: {
    selector:
      ':matches(CallExpression[callee.object.name="Date"][callee.property.name="now"], ' +
      'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"], ' +
      'MemberExpression[object.name="Temporal"][property.name="Now"])',
    message: 'core has no clock: take the time as an argument.',
  },
  weakTimeout: {
    selector: 'MemberExpression[object.name="AbortSignal"][property.name="timeout"]',
    message: 'Node may take it for garbage, and then it never fires: use drivers/within-time.ts.',
  },
  chance: {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'core is pure: take what is random as an argument.',
  },
};
const everywhere = [
  ...[forbidden.defaultExport, forbidden.exportAll, forbidden.weakTimeout],
  ...[forbidden.skippedTest, forbidden.prefixedTest],
];

/** What a client of its own would read are payloads that it cannot. */
const oneClient = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: [
        {
          name: '@temporalio/client',
          importNames: ['Client', 'ScheduleClient', 'WorkflowClient'],
          allowTypeImports: true,
          message: 'Make it with temporal/create-client.ts: it reads compressed payloads.',
        },
      ],
    },
  ],
};

/** A later entry replaces the rule of an earlier one, so each names its whole list. */
const restrictedSyntax = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] });

const noNode = {
  'no-restricted-imports': [
    'error',
    { patterns: [{ group: ['node:*', ...builtIns], message: 'core and workflows know nothing of Node.' }] },
  ],
  'no-restricted-globals': [
    'error',
    ...['process', 'Buffer', 'require', '__dirname', '__filename', 'fetch', 'performance', 'setImmediate'],
  ],
};

export default defineConfig(
  { ignores: ['node_modules/', 'coverage/', '.switchback/'] },
  // An exemption would have to be argued for here, not at the line.
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', 250],
      'max-params': ['error', 4],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      // Methods of a port are async so that what they throw becomes a rejection, whether they wait or not.
      '@typescript-eslint/require-await': 'off',
      ...restrictedSyntax(...everywhere),
      ...oneClient,
    },
  },
  { files: ['temporal/create-client.ts'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  {
    files: ['core/**/*.ts'],
    rules: { ...noNode, ...restrictedSyntax(...everywhere, forbidden.clock, forbidden.chance) },
  },
  { files: ['workflows/**/*.ts'], rules: { ...noNode, ...restrictedSyntax(...everywhere, forbidden.asyncValidator) } },
  { files: ['cli/**/*.ts', 'demo/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      // The columns of a table of cases.
      'max-params': 'off',
      // The asymmetric matchers of jest (expect.objectContaining, ...) are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { sourceType: 'commonjs' },
    rules: restrictedSyntax(forbidden.exportAll),
  },
  { files: ['**/*.mjs'], languageOptions: { sourceType: 'module' } },
);
