import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { startExec } from '../../../../../src/engine/docker/nodes/containerExec.js';
import {
  dockerExecs,
  execExitCode,
  type OpenExec,
} from '../../../../../src/engine/docker/nodes/execStream.js';
import { LabError } from '../../../../../src/support/errors.js';
import { execFrame } from '../../execFrame.js';
import { demuxing } from '../../fakeExecs.js';

const inspected = (state: { readonly Running: boolean; readonly ExitCode: number | null }) =>
  ({ inspect: () => Promise.resolve(state) }) as unknown as Docker.Exec;

describe('a command that Docker starts', () => {
  it('is started as it is asked for, with its standard input only where that is wanted', async () => {
    const asked: unknown[] = [];
    const stream = new PassThrough();
    const docker = {
      getContainer: (container: string) => ({
        exec: (options: unknown) => {
          asked.push([container, options]);
          const start = (how: unknown) => {
            asked.push(how);
            return Promise.resolve(stream);
          };
          return Promise.resolve(
            Object.assign(inspected({ Running: false, ExitCode: 3 }), { id: 'e1', start }),
          );
        },
      }),
    } as unknown as Docker;
    const opened = await dockerExecs(docker)({ container: 'node', argv: ['cat', 'a b'], stdin: true });
    expect(asked).toEqual([
      ['node', { Cmd: ['cat', 'a b'], AttachStdin: true, AttachStdout: true, AttachStderr: true }],
      { hijack: true, stdin: true },
    ]);
    expect([opened.id, opened.stream, opened.before]).toEqual(['e1', stream, undefined]);
    expect(await opened.exitCode()).toBe(3);
  });

  it('has no exit code while it is running', async () => {
    await expect(execExitCode(inspected({ Running: true, ExitCode: null }))).rejects.toBeInstanceOf(LabError);
    await expect(execExitCode(inspected({ Running: false, ExitCode: null }))).rejects.toBeInstanceOf(
      LabError,
    );
    expect(await execExitCode(inspected({ Running: false, ExitCode: 0 }))).toBe(0);
  });
});

describe('a command that was running before', () => {
  it('is heard from its beginning, as if it had been started now', async () => {
    const stream = new PassThrough();
    const open: OpenExec = () =>
      Promise.resolve({
        id: 'e1',
        stream,
        before: { stdout: Buffer.from('header '), stderr: 'listening on eth0\n' },
        exitCode: () => Promise.resolve(0),
      });
    const request = { container: 'node', argv: ['tcpdump'], stdin: false };
    const command = await startExec(demuxing, open, request);
    expect(command.stderr()).toBe('listening on eth0\n');
    stream.write(execFrame(2, '1 packet captured\n'));
    stream.end(execFrame(1, 'packet'));
    const pieces: string[] = [];
    command.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString()));
    expect(await command.done).toBe(0);
    await expect.poll(() => pieces.join('')).toBe('header packet');
    expect(command.stderr()).toBe('listening on eth0\n1 packet captured\n');
  });
});
