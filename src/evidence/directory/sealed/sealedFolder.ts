import { type Phase, phases } from '../../../contracts/words/phases.js';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegular } from '../../../support/files/readRegular.js';
import { sha256 } from '../../../support/files/sha256.js';
import { manifestFile, parseManifest, type SealedFile } from './manifest.js';
import { messageOf } from '../../../support/errors.js';

/** The most bytes that are read of a file whose size no manifest tells: several times the largest capture. */
const mostUnsealed = 2 ** 30;
/** The most bytes that are read of a manifest, which has a line for each of some dozens of files. */
const mostManifest = 16 * 2 ** 20;

/** A file's bytes if it can be read, as many as it should have, and what is wrong with it, if anything. */
interface FoundFile {
  readonly bytes: Buffer | undefined;
  readonly problem: string | undefined;
}

/** A scenario's folder, each of whose files is compared with the manifest when it is read. */
export class SealedFolder {
  readonly #left: Set<string>;

  private constructor(
    private readonly directory: string,
    /** The files in the manifest, by name; undefined: no manifest could be read. */
    private readonly files: ReadonlyMap<string, SealedFile> | undefined,
    /** What is wrong with the manifest itself. */
    readonly problem: string | undefined,
  ) {
    this.#left = new Set(files?.keys());
  }

  /** Opens a folder and reads its manifest. Never rejects: a missing or unreadable manifest is the folder's `problem`. */
  static async open(directory: string): Promise<SealedFolder> {
    let text: string;
    try {
      text = (await beginningOf(join(directory, manifestFile), mostManifest)).bytes.toString('utf8');
    } catch (error) {
      const problem = isMissing(error)
        ? `${manifestFile}: there is none, so nothing shows that the files are what was recorded. The run was recorded without a manifest, by an lvs-lab of before there was one, or it was killed before its plan was complete: run it again.`
        : `${manifestFile}: ${messageOf(error)}`;
      return new SealedFolder(directory, undefined, problem);
    }
    try {
      const files = new Map(parseManifest(text).map((file) => [file.name, file]));
      return new SealedFolder(directory, files, undefined);
    } catch (error) {
      return new SealedFolder(directory, undefined, `${manifestFile}: ${messageOf(error)}`);
    }
  }

  /** Reads a file and tells what is wrong with it. A manifest that is missing, or has no file of the phase, is reported once and elsewhere. */
  async read(name: string): Promise<FoundFile> {
    this.#left.delete(name);
    const most = this.files?.get(name)?.bytes ?? mostUnsealed;
    let found: Beginning;
    try {
      found = await beginningOf(join(this.directory, name), most);
    } catch (error) {
      const problem = isMissing(error) ? 'the file is missing.' : messageOf(error);
      return { bytes: undefined, problem };
    }
    return { bytes: found.bytes, problem: this.#differenceOf(name, found) };
  }

  /** Whether a file that may be left out exists, or did when the manifest was written. */
  async mayHave(name: string): Promise<boolean> {
    if (this.files?.has(name) === true) return true;
    return stat(join(this.directory, name)).then(
      () => true,
      () => false,
    );
  }

  /** Whether files of a phase were there when the manifest was written. */
  hasPhase(phase: Phase): boolean {
    return this.#ofPhase(phase).length > 0;
  }

  /** What is wrong with a phase as a whole, given whether its folder exists; undefined: nothing, or it cannot be known. */
  problemOf(phase: Phase, isThere: boolean): string | undefined {
    if (this.files === undefined) return undefined;
    const count = this.#ofPhase(phase).length;
    if (isThere && count === 0) {
      return `${phase}/: ${manifestFile} has none of its files: the run was killed, or broke, before ${phase}/ was complete.`;
    }
    if (isThere || count === 0) return undefined;
    for (const name of this.#ofPhase(phase)) this.#left.delete(name);
    return `${phase}/: the folder is missing, and ${manifestFile} has ${count} files of it.`;
  }

  /** What is wrong with the files of the manifest that have not been read yet, by name. */
  async others(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const name of this.#left) {
      const { problem } = await this.read(name);
      if (problem !== undefined) problems.push(`${name}: ${problem}`);
    }
    return problems;
  }

  #ofPhase(phase: Phase): readonly string[] {
    return [...(this.files?.keys() ?? [])].filter((name) => name.startsWith(`${phase}/`));
  }

  #differenceOf(name: string, { bytes, size }: Beginning): string | undefined {
    const tooLarge = `it has ${size} bytes, and no more than the first ${bytes.length} were read.`;
    if (this.files === undefined) return size > bytes.length ? tooLarge : undefined;
    const sealed = this.files.get(name);
    if (sealed === undefined) {
      // That none of a phase's files is there is said once.
      return phases.some((phase) => name.startsWith(`${phase}/`) && this.#ofPhase(phase).length === 0)
        ? undefined
        : `${manifestFile} does not have it: it was not there when the others were complete.`;
    }
    if (size !== sealed.bytes) {
      return `it has ${size} bytes, and had ${sealed.bytes} when it was complete (${manifestFile}): it was cut or edited.`;
    }
    const digest = sha256(bytes);
    return digest === sealed.sha256
      ? undefined
      : `its SHA-256 is ${short(digest)}, and was ${short(sealed.sha256)} when it was complete (${manifestFile}): it was edited.`;
  }
}

const short = (digest: string): string => `${digest.slice(0, 12)}...`;

/** What was read of a file, and how many bytes it has. */
interface Beginning {
  readonly bytes: Buffer;
  readonly size: number;
}

/** Reads no more than the first `most` bytes of a regular file. Rejects for anything else, such as a pipe, which might never end. */
async function beginningOf(file: string, most: number): Promise<Beginning> {
  await using handle = await openRegular(file);
  const { size } = await handle.stat();
  const room = Buffer.alloc(Math.min(size, most));
  let read = 0;
  while (read < room.length) {
    const { bytesRead } = await handle.read(room, read, room.length - read, read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  // It may have been cut meanwhile.
  return { bytes: room.subarray(0, read), size: read < room.length ? read : size };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
