/** Which folder may import which: see "Layout" in docs/architecture.md. */

const layers = {
  support: [],
  scenario: ['support'],
  evidence: ['support'],
  verdict: ['support', 'evidence', 'scenario'],
  engine: ['support', 'scenario'],
  run: ['support', 'scenario', 'evidence', 'verdict', 'engine/port', 'engine/events'],
  report: ['support', 'scenario', 'evidence', 'verdict', 'engine/port', 'engine/events', 'run'],
  matrix: [
    'support',
    'scenario',
    'evidence',
    'verdict',
    'engine/port',
    'engine/vm/machineArgs',
    'run',
    'report',
  ],
  cli: ['support', 'scenario', 'evidence', 'verdict', 'engine', 'run', 'report', 'matrix'],
};

const directions = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports-only-its-lower-layers`,
  comment: `src/${layer} may import itself and: ${allowed.join(', ') || 'nothing else'}.`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: [layer, ...allowed].map((name) => `^src/${name}(/|[.]ts$)`) },
}));

/** Each of these is known to one place only, so that replacing it stays a small change. */
const importSites = [
  ['commander', '^src/cli/'],
  ['dockerode|testcontainers', '^src/engine/'],
  ['tar-stream', '^src/support/'],
  ['execa', '^src/(support|engine|matrix)/'],
  ['@peculiar/x509|proper-lockfile', '^src/engine/'],
  // All read what people or other programs wrote; report also describes what it writes.
  ['zod', '^src/(scenario|evidence|report|matrix|engine/images)/'],
  ['yaml', '^src/(scenario|engine/images)/'],
  ['fastest-levenshtein|ipaddr[.]js', '^src/(scenario|support)/'],
  ['ora|cli-table3|string-width|picocolors|fast-xml-builder', '^src/report/'],
];

const sites = importSites.map(([packages, home]) => ({
  name: `${packages.replaceAll(/[^a-z0-9]+/g, '-')}-at-its-import-site`,
  severity: 'error',
  from: { path: '^(src|lab)/', pathNot: home },
  to: { path: `(^|/)node_modules/(@types/)?(${packages})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-imports-no-tests',
      severity: 'error',
      from: { path: '^(src|lab)/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'agent-stands-alone',
      comment: 'The agent runs in a container on another Node: of src it may know types only.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
    ...directions,
    ...sites,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
