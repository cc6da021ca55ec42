import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';
import { programFile } from '../../src/support/programFile.js';
import type { ClientPlace } from '../places/clientPlace.js';

/** Where files go in a container. */
const folder = '/bench';
const unpackScript = fileURLToPath(new URL('unpack.sh', import.meta.url));
/** Under emulation a program with its libraries takes a while. */
const copySeconds = 300;

/** Puts files and installed programs of this machine into a container. */
export class ContainerFiles {
  readonly #programs = new Map<string, Promise<readonly string[]>>();

  /** `enter`: the command line that runs another one in the container. */
  constructor(private readonly enter: ClientPlace['enter']) {}

  /** Copies a file or folder under its own name. */
  readonly put = async (file: string): Promise<string> => {
    const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-copy-'));
    try {
      const archive = path.join(scratch, 'archive.tar');
      await hostCommand(['tar', '-chf', archive, '-C', path.dirname(file), path.basename(file)], {
        purpose: `pack ${file}`,
        seconds: copySeconds,
      });
      const { size } = await stat(archive);
      const unpack = ['sh', '-c', await readFile(unpackScript, 'utf8'), 'unpack.sh', folder, String(size)];
      await hostCommand(this.enter(unpack), {
        purpose: `copy ${file} into the client`,
        seconds: copySeconds,
        inputFile: archive,
      });
    } finally {
      await rm(scratch, { recursive: true });
    }
    return `${folder}/${path.basename(file)}`;
  };

  /**
   * How a program that is installed here is begun there: with this machine's loader and libraries, which come along, for the container
   * has none of them, or others.
   */
  readonly program = (name: string): Promise<readonly string[]> => {
    const known = this.#programs.get(name) ?? this.#putProgram(name);
    this.#programs.set(name, known);
    return known;
  };

  async #putProgram(name: string): Promise<readonly string[]> {
    const found = name === 'node' ? process.execPath : installed(name);
    const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-program-'));
    try {
      const there = path.join(scratch, `program-${name}`);
      await mkdir(there);
      await copyFile(await realpath(found), path.join(there, name));
      const listing = await hostCommand(['ldd', found], {
        purpose: `list libraries of ${found}`,
        seconds: 10,
      });
      const libraries = librariesIn(listing);
      const loader = libraries.find((file) => path.basename(file).startsWith('ld-linux'));
      if (loader === undefined) {
        throw new LabError(
          `expected ${found} to have a loader, found ${libraries.join(', ') || 'no library'}`,
        );
      }
      for (const file of libraries) await copyFile(file, path.join(there, path.basename(file)));
      const target = await this.put(there);
      return [`${target}/${path.basename(loader)}`, '--library-path', target, `${target}/${name}`];
    } finally {
      await rm(scratch, { recursive: true });
    }
  }
}

/** The files in what `ldd` prints: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)`, and the loader by its path alone. */
export function librariesIn(listing: string): readonly string[] {
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
}

function installed(name: string): string {
  const file = programFile(name, `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`);
  if (file === undefined) throw new LabError(`could not find ${name} on this machine`);
  return file;
}
