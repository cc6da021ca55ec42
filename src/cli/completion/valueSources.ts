import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** Where the values come from that a placeholder such as `<kernel>` stands for. */
export interface ValueSource {
  /** Names to choose from. */
  readonly names?: keyof NameLists;
  /** Whether the path of a file or a folder may stand there too. */
  readonly paths?: 'files' | 'folders';
  /** Whether it is a list, separated by commas. */
  readonly isList?: true;
}

/** Names that are looked up when they are asked for. */
export interface NameLists {
  scenarios(): Promise<readonly string[]>;
  tags(): Promise<readonly string[]>;
  /** What `--kernel` takes: suites, and the names of kernels that were added. */
  kernels(): Promise<readonly string[]>;
  addedKernels(): Promise<readonly string[]>;
  kernelSources(): Promise<readonly string[]>;
  images(): Promise<readonly string[]>;
  flavours(): Promise<readonly string[]>;
  nodes(): Promise<readonly string[]>;
  toolSets(): Promise<readonly string[]>;
}

const nothing: ValueSource = {};

/** By placeholder, or where commands mean different things by one, by command and placeholder. */
const sources: Readonly<Record<string, ValueSource>> = {
  scenario: { names: 'scenarios', paths: 'files' },
  tag: { names: 'tags' },
  kernel: { names: 'kernels', paths: 'files' },
  kernels: { names: 'kernels', paths: 'files', isList: true },
  image: { names: 'images' },
  images: { names: 'images', isList: true },
  flavours: { names: 'flavours', isList: true },
  source: { names: 'kernelSources', paths: 'files' },
  node: { names: 'nodes' },
  file: { paths: 'files' },
  dir: { paths: 'folders' },
  rundir: { paths: 'folders' },
  a: { paths: 'files' },
  b: { paths: 'files' },
  results: { paths: 'files' },
  command: { paths: 'files' },
  package: { paths: 'files' },
  place: { paths: 'files' },
  set: { names: 'toolSets' },
  sets: { names: 'toolSets', isList: true },
  'rm name': { names: 'addedKernels' },
  // What only who types it can know.
  name: nothing,
  'new-name': nothing,
  n: nothing,
  'i/n': nothing,
  seed: nothing,
  regex: nothing,
  duration: nothing,
  date: nothing,
  runid: nothing,
  address: nothing,
  'address:port': nothing,
  'name=address': nothing,
  interface: nothing,
};

/** The source of the values of an option or argument; undefined: nobody has said where they come from. */
export function sourceOf(command: CommandUnknownOpts, placeholder: string): ValueSource | undefined {
  return sources[`${command.name()} ${placeholder}`] ?? sources[placeholder];
}

/** `-o, --out <dir>` -> `dir`; undefined for an option without a value. */
export function placeholderOf(flags: string): string | undefined {
  return /[<[]([^>\]]+?)(?:\.\.\.)?[>\]]$/.exec(flags)?.[1];
}
