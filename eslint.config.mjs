import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import boundaries from 'eslint-plugin-boundaries';
import jest from 'eslint-plugin-jest';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Which of our folders, and which packages, each folder may import. Anything not listed is an error.
const LAYERS = {
  domain: { folders: [], packages: ['zod', 'luxon'] },
  config: { folders: ['domain'], packages: ['zod'] },
  report: {
    folders: ['domain'],
    packages: [
      'csv-stringify',
      'csv-stringify/sync',
      'write-excel-file',
      'write-excel-file/node',
      'node:*',
    ],
  },
  db: { folders: ['domain'], packages: ['kysely', 'pg', 'node:*'] },
  engine: { folders: ['db', 'domain'], packages: ['kysely', 'node:*'] },
  bundle: {
    folders: ['db', 'domain'],
    packages: [
      'kysely',
      'csv-parse',
      'csv-stringify',
      'csv-stringify/sync',
      'yauzl',
      'zod',
      'node:*',
    ],
  },
  queue: { folders: ['domain'], packages: ['bull', 'ioredis', 'zod', 'pino', 'node:*'] },
  runs: { folders: ['db', 'engine', 'report', 'domain'], packages: ['pino', 'luxon', 'node:*'] },
  slack: {
    folders: ['domain', 'report'],
    packages: ['@slack/bolt', '@slack/web-api', '@slack/types', 'zod', 'luxon', 'pino', 'node:*'],
  },
  cli: {
    folders: ['domain', 'config', 'db', 'engine', 'bundle', 'queue', 'runs', 'report'],
    packages: ['commander', 'cli-progress', 'zod', 'pino', 'luxon', 'node:*'],
  },
  roles: {
    folders: ['domain', 'config', 'db', 'engine', 'queue', 'runs', 'report', 'slack'],
    packages: ['pino', 'node:*'],
  },
};

const allow = (layer, to) => ({ from: { element: { type: layer } }, allow: { to } });
const policies = Object.entries(LAYERS).flatMap(([layer, { folders, packages }]) => [
  allow(layer, { element: { types: { anyOf: [layer, ...folders] } } }),
  ...(packages.length > 0 ? [allow(layer, { module: { source: packages } })] : []),
]);

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' };

export default defineConfig([
  globalIgnores(['dist', 'coverage', '.cache', 'src/db/schema.generated.ts']),
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      complexity: ['error', 12],
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment in src/config only.' },
      ],
      'no-restricted-syntax': ['error', namedExports],
    },
  },
  {
    files: ['src/*/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts'] } },
      'boundaries/include': ['src/**/*.ts'],
      'boundaries/elements': Object.keys(LAYERS).map((type) => ({ type, pattern: `src/${type}` })),
    },
    rules: {
      'boundaries/no-unknown-dependencies': 'error',
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', checkAllOrigins: true, policies },
      ],
    },
  },
  {
    files: ['src/{domain,config,queue,report,slack}/**/*.ts', 'src/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        namedExports,
        {
          selector:
            'MemberExpression[property.name=/^(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)$/]',
          message: 'SQL lives in db/queries and engine.',
        },
      ],
    },
  },
  {
    files: ['src/config/**', 'src/main.ts', 'src/cli.ts', 'playground/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  // A migration is a list of tables; cutting it up would hide it.
  { files: ['migrations/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['test/**/*.ts', 'test/**/*.tsx'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'max-lines': ['error', 500],
      'jest/expect-expect': [
        'error',
        { assertFunctionNames: ['expect', 'expect*', 'then*', 'fc.assert'] },
      ],
      'jest/no-standalone-expect': 'off',
    },
  },
  prettier,
]);
