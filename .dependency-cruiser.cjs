/** Which folder may import which: see "Layout" in docs/architecture.md. */

const layers = {
  contracts: [],
  support: [],
  scenario: ['contracts', 'support'],
  site: ['contracts', 'support', 'scenario'],
  prediction: ['contracts', 'support', 'scenario', 'site'],
  evidence: ['contracts', 'support'],
  verdict: ['contracts', 'support', 'evidence', 'scenario'],
  engine: ['contracts', 'support', 'scenario'],
  run: [
    'contracts',
    'support',
    'scenario',
    'evidence',
    'verdict',
    'engine/port/port',
    'engine/port/engineIdentity',
    'engine/port/engineEvents',
    'engine/port/engineVersions',
  ],
  report: [
    'contracts',
    'support',
    'scenario',
    'evidence',
    'verdict',
    'engine/port/port',
    'engine/port/engineIdentity',
    'engine/port/engineEvents',
    'run',
    'site',
    'prediction',
  ],
  matrix: [
    'contracts',
    'support',
    'scenario',
    'evidence',
    'verdict',
    'engine/port/port',
    'engine/port/engineIdentity',
    'engine/vm/machineArgs',
    'run',
    'report',
  ],
  cli: [
    'contracts',
    'support',
    'scenario',
    'site',
    'prediction',
    'evidence',
    'verdict',
    'engine',
    'run',
    'report',
    'matrix',
  ],
};

const directions = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports-only-its-lower-layers`,
  comment: `src/${layer} may import itself and: ${allowed.join(', ') || 'nothing else'}.`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: [layer, ...allowed].map((name) => `^src/${name}(/|[.]ts$)`) },
}));

/**
 * The folders of a layer, each of which may import those before it and none behind it: so no two import each other, nor in a ring. `.` is
 * the layer's own folder, for what holds the others together. A new folder is put where what it imports is before it.
 */
const folders = {
  'src/contracts': ['.', 'words', 'agents'],
  'src/support': ['.', 'files'],
  'src/scenario': [
    'model',
    'syntax',
    'syntax/calls',
    'network',
    'unmatched/rules',
    'unmatched/lab',
    'unmatched',
    'plan/commands',
    'plan/setup',
    'plan',
    'file/yaml',
    'file/checks',
    'file/ruleFiles',
    'file/schema',
    'file/crossChecks',
    'file',
    'library',
  ],
  'src/site': ['model', 'files', 'parsers', '.'],
  'src/prediction': ['model', 'rules', 'rules/nft', 'walk', 'packets', 'answer', '.'],
  'src/evidence': [
    'text',
    'model',
    'capture',
    'listings/packetFilter',
    'listings',
    'streams',
    'trace',
    'directory',
  ],
  'src/verdict': [
    'model',
    'captures',
    'rules',
    'connections',
    'fates',
    'behaviour',
    'numbers',
    'flows',
    'doubts',
    'explanation',
    '.',
  ],
  'src/engine': [
    'port',
    'pace',
    'lifetime',
    'cache',
    'debian',
    'images',
    'docker/nodes',
    'docker',
    'local',
    'imageSets',
    'kernel/store',
    'kernel/modules',
    'kernel/sources',
    'kernel',
    'host',
    'vm/relay',
    'vm',
    '.',
  ],
  'src/run': ['model', 'nodes', 'recording', 'agents', 'lab', 'stages', 'schedule'],
  'src/report': [
    'text',
    'phrases',
    'results',
    'console',
    'check',
    'listings',
    'progress',
    'document',
    'compare',
    'files',
    'pages',
  ],
  'src/matrix': ['targets', 'run', 'merge'],
  'src/cli': [
    'frame',
    'options',
    'results',
    'commands/up',
    'commands/run/jobs',
    'commands/run',
    'commands/recorded',
    'commands',
    '.',
  ],
  lab: [
    'clients/http',
    'clients/kernel/connections',
    'clients/kernel',
    'clients/raw/packet',
    'clients/raw/io',
    'clients/raw/measure',
    'clients/raw/flows',
    'clients/raw/tcp',
    'clients/raw',
  ],
  bench: [
    'places',
    'outcomes',
    'program',
    'usage',
    'timings',
    'cases',
    'tools',
    'guest',
    'floods/agentSockets',
    'floods/rawSocket',
    '.',
  ],
  // The packages may not be there yet for what is in bootstrap/, so it cannot import what needs them.
  scripts: ['bootstrap', 'tasks', '.'],
};

/** Matches the files of a folder, but not those of the folders in it. */
const filesOf = (layer, folder) => `^${folder === '.' ? layer : `${layer}/${folder}`}/[^/]+$`;

const orders = Object.entries(folders).flatMap(([layer, names]) =>
  names.slice(0, -1).map((name, index) => ({
    name: `${layer.replace('src/', '')}-${name.replaceAll('/', '-')}-imports-no-folder-behind-it`,
    comment: `Of ${layer}'s folders ${name} may import those that .dependency-cruiser.cjs lists before it.`,
    severity: 'error',
    from: { path: filesOf(layer, name) },
    to: { path: names.slice(index + 1).map((later) => filesOf(layer, later)) },
  })),
);

const unlisted = {
  name: 'folder-is-listed',
  comment: 'Each folder with modules has its place in the lists of .dependency-cruiser.cjs.',
  severity: 'error',
  from: {
    path: '^(src|lab|bench|scripts)/.*[.](ts|mjs)$',
    pathNot: Object.entries(folders).flatMap(([layer, names]) => names.map((name) => filesOf(layer, name))),
  },
  to: {},
};

/** Each of these is known to one place only, so that replacing it stays a small change. */
const importSites = [
  ['commander|@commander-js/extra-typings', '^src/cli/'],
  ['dockerode|testcontainers', '^src/engine/'],
  ['tar-stream', '^src/support/'],
  ['execa', '^src/(support|engine|matrix)/'],
  ['@peculiar/x509|proper-lockfile', '^src/engine/'],
  // All read what people or other programs wrote; report also describes what it writes.
  [
    'zod',
    '^src/(contracts|support|scenario|site|evidence|verdict/model|engine|run/(agents|model)|report|matrix|cli/commands)/',
  ],
  ['yaml', '^src/(scenario|engine/images)/'],
  ['fastest-levenshtein', '^src/(scenario|support)/'],
  ['ipaddr[.]js', '^(src/(scenario|site|evidence)|lab/clients/raw/io)/'],
  ['p-limit', '^src/(matrix|engine/vm)/'],
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
      to: { path: '^(test|scripts|bench)/' },
    },
    {
      name: 'agent-stands-alone',
      comment:
        'The agents run in a container on another Node, and are bundled: of src they may know types, and beside that the words and orders that they share with the host.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^src/', pathNot: '^src/contracts/(words|agents)/', dependencyTypesNot: ['type-only'] },
    },
    ...directions,
    ...orders,
    unlisted,
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
