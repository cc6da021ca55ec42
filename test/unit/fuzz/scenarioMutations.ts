import fc from 'fast-check';
import { isMap, isPair, isScalar, isSeq, parseDocument, visit, type Node } from 'yaml';
import { mutated, mutations as ofBytes, type Mutation } from './mutations.js';

/** What is done to a scenario file: to its bytes, or to a node of its YAML. */
export type ScenarioMutation =
  | { readonly bytes: Mutation }
  | { readonly node: number; readonly change: NodeChange; readonly value: unknown; readonly other: number };

type NodeChange = (typeof nodeChanges)[number];
const nodeChanges = [
  'replace',
  'wrap in a list',
  'wrap in a map',
  'take out',
  'copy another',
  'add a key',
  'nest',
] as const;

/** Values that somebody may write, or mistype, where another was meant. */
const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    '~',
    [],
    {},
    0,
    -1,
    1.5,
    1e308,
    -1e308,
    Infinity,
    NaN,
    2 ** 31,
    2 ** 53,
    1e18,
    '1e9',
    '0x10',
    '99999999999999999999',
  ),
  fc.constantFrom(
    '10.0.0.0/8',
    '::',
    '::1/128',
    '256.1.1.1',
    '1h',
    '1e99s',
    '999999999h',
    '1TiB',
    '10GiB',
    '-5s',
    '${x}',
    '${',
    'a'.repeat(100_000),
    '\u0000',
    '\ud800',
    '*',
    '&a',
    '<<',
    '__proto__',
    'constructor',
    '/dev/zero',
    '/proc/self/mem',
    '..',
    'healthy',
    'close-blocked',
  ),
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 40 }),
  fc.jsonValue({ maxDepth: 2 }),
);

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** All mutations of scenario files that there are. */
export const scenarioMutations: fc.Arbitrary<ScenarioMutation> = fc.oneof(
  { weight: 1, arbitrary: ofBytes.map((bytes) => ({ bytes })) },
  {
    weight: 2,
    arbitrary: fc.record({
      node: share,
      change: fc.constantFrom(...nodeChanges),
      value: values,
      other: share,
    }),
  },
);

/** The text of a scenario file after a mutation. */
export function mutatedScenario(text: string, mutation: ScenarioMutation): Buffer {
  if ('bytes' in mutation) {
    const { files } = mutated(new Map([['scenario.yaml', Buffer.from(text)]]), mutation.bytes);
    return [...files.values()][0] ?? Buffer.alloc(0);
  }
  const document = parseDocument(text);
  const nodes: Node[] = [];
  visit(document, { Node: (_, node) => void nodes.push(node) });
  const target = nodes[Math.floor(mutation.node * nodes.length)];
  const other = nodes[Math.floor(mutation.other * nodes.length)];
  if (target === undefined || other === undefined) return Buffer.from(text);
  let done = false;
  visit(document, (_, node) => {
    // What takes its place may have it inside.
    if (done || isPair(node) || node !== target) return undefined;
    done = true;
    return changed(node as Node, other, mutation.change, mutation.value, (value) =>
      document.createNode(value),
    );
  });
  return Buffer.from(document.toString());
}

function changed(
  node: Node,
  other: Node,
  change: NodeChange,
  value: unknown,
  made: (value: unknown) => Node,
): Node | symbol {
  switch (change) {
    case 'replace':
      return made(value);
    case 'wrap in a list':
      return made([node, value]);
    case 'wrap in a map':
      return made({ [typeof value === 'string' ? value.slice(0, 20) : 'more']: node });
    case 'take out':
      return visit.REMOVE;
    case 'copy another':
      return other.clone() as Node;
    case 'add a key':
      if (isMap(node)) node.set(isScalar(other) ? other.clone() : 'more', made(value));
      else if (isSeq(node)) node.add(made(value));
      return visit.BREAK;
    case 'nest':
      return made(nested(value, 300));
  }
}

function nested(value: unknown, depth: number): unknown {
  let inner = value;
  for (let level = 0; level < depth; level += 1) inner = level % 2 === 0 ? [inner] : { a: inner };
  return inner;
}
