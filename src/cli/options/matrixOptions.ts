import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { iptablesFlavours, type IptablesFlavour } from '../../contracts/words/nodes.js';
import { mostShards, parseShard, type Shard } from '../../matrix/targets/shard.js';
import { adding, type ParsedOptions } from './declared.js';
import { hiddenOption, wholeNumber } from './options.js';
import { snapshotOption } from './snapshotOption.js';
import { toolFileOptions } from './toolOptions.js';

/** Options that choose kernels, images and flavours of iptables, and this process's share of the jobs. */
export function matrixOptions() {
  return [
    new Option(
      '--kernel <kernels>',
      'kernels under test, separated by commas or given again: debian:SUITE, the name of one that was added, or PATH[:MODULES_DIR]; boots a VM for each',
    ).argParser(adding(addNames)),
    new Option(
      '--image <images>',
      'images that the nodes are made of, separated by commas or given again: debian:SUITE, a name of images/distributions.yaml, ref:REFERENCE, or auto',
    ).argParser(adding(addNames)),
    new Option(
      '--tools <sets>',
      'put these sets of unreleased packages and programs (`lvs-lab tools add`) into each image, separated by commas; none: the image as it is',
    ).argParser(adding(addNames)),
    ...toolFileOptions(),
    snapshotOption(),
    new Option(
      '--iptables <flavours>',
      'run each scenario with nft, legacy, or nft,legacy, instead of what its file says',
    ).argParser(adding(addFlavours)),
    new Option(
      '--vms <n>',
      'kernels and images at the same time (default: what the machine has room for)',
    ).argParser(wholeNumber(1, 64)),
    new Option(
      '--shard <i/n>',
      'run one of n parts, 1/n to n/n, for `lvs-lab merge`; auto: the part that the CI service says',
    ).argParser(parseShardOption),
    // A matrix tells its processes so.
    hiddenOption('--jobs <file>', 'run the jobs named in a file, in that order'),
  ] as const;
}

export type MatrixOptions = ParsedOptions<ReturnType<typeof matrixOptions>>;

/** Adds names, separated by commas or given with the option once more, to those of before. */
function addNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = [...before, ...text.split(',').map((name) => name.trim())];
  if (names.includes(''))
    throw new InvalidArgumentError('expected names separated by commas, found an empty one.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`expected each name once, found ${twice} twice.`);
  return names;
}

function addFlavours(text: string, before?: readonly IptablesFlavour[]): readonly IptablesFlavour[] {
  return addNames(text, before).map((name) => {
    const flavour = iptablesFlavours.find((known) => known === name);
    if (flavour !== undefined) return flavour;
    throw new InvalidArgumentError(`expected nft, legacy, or nft,legacy, found ${name}.`);
  });
}

function parseShardOption(text: string): Shard | 'auto' {
  if (text === 'auto') return text;
  const shard = parseShard(text);
  if (shard !== undefined) return shard;
  throw new InvalidArgumentError(
    `expected i/n with i from 1 to n and n at most ${mostShards}, such as 2/3, or auto.`,
  );
}
