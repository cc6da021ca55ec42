import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connectDocker } from '../../src/engine/docker/connection.js';
import { readSession } from '../../src/engine/session.js';
import { LabError } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';

/** Where files go: in memory, so that what a script records there costs no disk. */
const folder = '/bench';
const packSeconds = 60;

type Container = ReturnType<Awaited<ReturnType<typeof connectDocker>>['getContainer']>;

/** What a command printed and ended with. */
interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A privileged container, without a network, on the engine on which `lvs-lab up` holds a lab: of the director's image, which has ipvsadm,
 * iptables, nginx and tcpdump. Namespaces can be made in it as on a machine of one's own.
 */
export class PlainContainer implements AsyncDisposable {
  private constructor(
    private readonly container: Container,
    private readonly demux: (stream: NodeJS.ReadableStream, out: PassThrough, errors: PassThrough) => void,
  ) {}

  static async start(runId: string): Promise<PlainContainer> {
    const { connection, nodes } = await readSession(runId);
    const docker = await connectDocker(connection);
    const { Image: image } = await docker.getContainer(nodes['director'] ?? 'director').inspect();
    const container = await docker.createContainer({
      Image: image,
      Cmd: ['sleep', 'infinity'],
      HostConfig: { Privileged: true, NetworkMode: 'none', Tmpfs: { [folder]: 'exec' } },
    });
    await container.start();
    return new PlainContainer(container, (stream, out, errors) => {
      docker.modem.demuxStream(stream, out, errors);
    });
  }

  /** Copies a file or folder under its own name, and resolves with its path there. */
  async put(file: string): Promise<string> {
    const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-copy-'));
    try {
      const archive = path.join(scratch, 'archive.tar');
      const argv = ['tar', '-chf', archive, '-C', path.dirname(file), path.basename(file)];
      await hostCommand(argv, { purpose: `pack ${file}`, seconds: packSeconds });
      // Docker puts an archive below what is mounted there, so it is unpacked inside.
      await this.container.putArchive(createReadStream(archive), { path: '/' });
      await this.#move(path.basename(file));
    } finally {
      await rm(scratch, { recursive: true });
    }
    return `${folder}/${path.basename(file)}`;
  }

  /** Runs a command to its end. */
  async exec(argv: readonly string[]): Promise<CommandEnd> {
    const exec = await this.container.exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const [out, errors] = [new PassThrough(), new PassThrough()];
    this.demux(stream, out, errors);
    stream.once('close', () => {
      out.end();
      errors.end();
    });
    const [stdout, stderr] = await Promise.all([text(out), text(errors)]);
    const { ExitCode: exitCode } = await exec.inspect();
    return { exitCode: exitCode ?? 1, stdout, stderr };
  }

  /** Runs a command to its end, and resolves with what it printed. Rejects with LabError when it fails. */
  async run(argv: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.exec(argv);
    if (exitCode === 0) return stdout;
    throw new LabError(`expected \`${argv.join(' ')}\` to succeed, it ended with exit code ${exitCode}`, {
      details: `${stdout}${stderr}`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container.remove({ force: true });
  }

  async #move(name: string): Promise<void> {
    await this.run(['mv', `/${name}`, folder]);
  }
}
