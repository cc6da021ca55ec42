import { spawn, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../measured.mjs';

/** Where files go in a container. */
const folder = '/bench';

/**
 * Puts files and installed programs of this machine into a container.
 * @param {(argv: readonly string[]) => string[]} enter the command line that runs `argv` in it
 */
export function filesOf(enter) {
  /** @type {Map<string, Promise<string[]>>} */
  const programs = new Map();
  /** Copies a file or folder under its own name. @param {string} file */
  const put = async (file) => {
    await copy(enter, file);
    return `${folder}/${path.basename(file)}`;
  };
  return {
    put,
    /**
     * How a program that is installed here is begun there: with this machine's loader and libraries, which come along, for the
     * container has none of them, or others. @param {string} name
     */
    program: (name) => {
      const known = programs.get(name) ?? putProgram(put, name);
      programs.set(name, known);
      return known;
    },
  };
}

/** @param {(argv: readonly string[]) => string[]} enter @param {string} file */
async function copy(enter, file) {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-copy-'));
  try {
    const archive = path.join(scratch, 'archive.tar');
    await run(['tar', '-chf', archive, '-C', path.dirname(file), path.basename(file)]);
    const { size } = await stat(archive);
    // The end of standard input does not get there, and tar reads up to it.
    const unpack = `mkdir -p ${folder} && head -c ${size} | tar -x --no-same-owner -C ${folder}`;
    const [program = '', ...argv] = enter(['sh', '-c', unpack]);
    const child = spawn(program, argv, { stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = new Promise((/** @type {(code: number | null) => void} */ resolve, reject) => {
      child.on('close', resolve).on('error', reject);
    });
    await pipeline(createReadStream(archive), child.stdin);
    const code = await ended;
    if (code !== 0) throw new Error(`could not copy ${file} into the client (exit code ${code})`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** @param {(file: string) => Promise<string>} put @param {string} name */
async function putProgram(put, name) {
  const found = name === 'node' ? process.execPath : installed(name);
  const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-program-'));
  try {
    const there = path.join(scratch, `program-${name}`);
    await mkdir(there);
    await copyFile(await realpath(found), path.join(there, name));
    // `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)`, and the loader by its path alone.
    const libraries = [...(await run(['ldd', found])).matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
    const loader = libraries.find((file) => path.basename(file).startsWith('ld-linux'));
    if (loader === undefined)
      throw new Error(`expected ${found} to have a loader, found ${libraries.join(', ')}`);
    for (const file of libraries) await copyFile(file, path.join(there, path.basename(file)));
    const target = await put(there);
    return [`${target}/${path.basename(loader)}`, '--library-path', target, `${target}/${name}`];
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** @param {string} name */
function installed(name) {
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' });
  if (stdout === '') throw new Error(`expected ${name} to be installed on this machine, found it nowhere`);
  return stdout.trim();
}
