import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: it is greppable and survives renames.',
};

export default defineConfig([
  globalIgnores(['dist/', 'node_modules/', 'runs/', 'coverage/', 'test/fixtures/']),
  {
    files: ['**/*.{ts,mjs,js,cjs}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', noDefaultExport],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `env['PATH']` says that the name is data, not a declared property.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Numbers read well in messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `_name` says that a value is held, not used: `await using _closing = scope`.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Only the command line's entry ends the process, and only it and the reporters write to the terminal.
    files: ['src/**/*.ts'],
    ignores: ['src/cli/main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'exit',
          message: 'Only src/cli/main.ts ends the process: return or throw.',
        },
        { object: 'process', property: 'on', message: 'Only src/cli/main.ts listens for signals.' },
      ],
    },
  },
  {
    // Who needs more than four things passes one that has them. The raw client, which must not make an object for each packet, has one of each
    // kind that is used for all of them (Packet, SegmentHeader, PayloadPart).
    files: ['{src,lab}/**/*.ts'],
    rules: { 'max-params': ['error', 4] },
  },
  {
    // These are libc's own functions, with the parameters that it wants.
    files: ['lab/clients/raw/io/libc.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    // In scenario/syntax a word is a piece of a line, and no text.
    files: ['{src,lab}/**/*.ts'],
    ignores: ['src/scenario/syntax/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        {
          selector:
            'FunctionDeclaration[id.name=/^(?!wrap).*(Words|Sentence|Phrase)$|^(describe|say|render)([A-Z]|$)|^format(?!Of)[A-Z]/]',
          message: 'What makes a text is called ...Text, or ...Lines.',
        },
        {
          selector: 'FunctionDeclaration[id.name=/^(want|assert|require|ensure|check|insist)[A-Z]/]',
          message: 'A guard that answers is called is... or has..., one that throws refuse...',
        },
      ],
    },
  },
  {
    // Typed arrays and headers hold numbers, of which the named sets (const enum) say what they stand for.
    files: [
      'lab/clients/{http,raw}/**/*.ts',
      'bench/floods/agentSockets/**/*.ts',
      'test/unit/lab/clients/raw/**/*.ts',
    ],
    rules: { '@typescript-eslint/no-unsafe-enum-comparison': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // The type checker reads JSDoc casts there (checkJs); these rules do not see them.
    files: ['scripts/**/*.mjs', 'test/**/*.mjs', 'page/*.js'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Tools want a default export.
    files: ['eslint.config.js', 'vitest.config.ts', 'lab/**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['*.js', '*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
]);
