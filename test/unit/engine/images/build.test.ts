import Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { followBuild } from '../../../../src/engine/images/build.js';
import { LabError } from '../../../../src/support/errors.js';

const docker = new Docker({ socketPath: '/nowhere/docker.sock' });

/** Follows what an engine would have sent, one JSON object a line. */
async function follow(...events: readonly object[]): Promise<void> {
  const stream = new PassThrough();
  const followed = followBuild(docker, stream, 'build lvs-lab/director:1');
  for (const event of events) stream.write(`${JSON.stringify(event)}\r\n`);
  stream.end();
  await followed;
}

const failure = async (...events: readonly object[]): Promise<LabError> => {
  const error = await follow(...events).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

const steps = [
  { stream: 'Step 1/3 : FROM debian:bookworm-slim\n' },
  { stream: ' ---> 6f5c1c0e2e7a\n' },
  { stream: 'Step 2/3 : RUN sh /packages.sh ipvsadm' },
  { stream: '\n' },
];

describe('followBuild', () => {
  it('resolves when no event is an error', async () => {
    await expect(follow(...steps, { stream: 'Successfully built 1\n' })).resolves.toBeUndefined();
  });

  it('rejects with the failing step and its own output, though the library reports success', async () => {
    const error = await failure(
      ...steps,
      { stream: ' ---> Running in 0123456789ab\n' },
      { stream: 'E: Unable to locate package ipvsadm\n' },
      {
        errorDetail: {
          code: 100,
          message: "The command '/bin/sh -c sh /packages.sh ipvsadm' returned a non-zero code: 100",
        },
        error: "The command '/bin/sh -c sh /packages.sh ipvsadm' returned a non-zero code: 100",
      },
    );
    expect(error.message).toBe(
      "could not build lvs-lab/director:1 at `Step 2/3 : RUN sh /packages.sh ipvsadm`: The command '/bin/sh -c sh /packages.sh ipvsadm' returned a non-zero code: 100",
    );
    expect(error.details).toBe(' ---> Running in 0123456789ab\nE: Unable to locate package ipvsadm');
  });

  it('keeps the end of a long output', async () => {
    const output = Array.from({ length: 100 }, (_, index) => ({ stream: `line ${index}\n` }));
    const { details } = await failure(...steps, ...output, { error: 'failed' });
    expect(details?.split('\n')).toHaveLength(40);
    expect(details?.split('\n').at(-1)).toBe('line 99');
  });

  it('rejects with the error of a pull, which has no steps', async () => {
    const error = await failure({ status: 'Pulling from library/debian' }, { error: 'manifest unknown' });
    expect(error.message).toBe('could not build lvs-lab/director:1: manifest unknown');
    expect(error.details).toBeUndefined();
  });

  it('rejects when the connection breaks', async () => {
    const stream = new PassThrough();
    const followed = followBuild(docker, stream, 'build x');
    stream.destroy(new Error('socket hang up'));
    await expect(followed).rejects.toThrow('socket hang up');
  });
});
