import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { codesForErrors } from '../../../src/cli/options/reportOptions.js';
import { watchOutputs } from '../../../src/cli/outputs.js';

const failing = (code: string) => Object.assign(new Error(`${code}: write`), { code });

function watched() {
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  return { stdout, stderr, ...watchOutputs({ stdout, stderr }) };
}

describe('the outputs', () => {
  it('say why results did not arrive, which is the lab’s failure and no failed verdict', () => {
    const { stdout, failure } = watched();
    expect(failure()).toBeUndefined();
    stdout.emit('error', failing('ENOSPC'));
    stdout.emit('error', failing('EIO'));
    expect(failure()).toMatchObject({ exitCode: 2, message: expect.stringContaining('ENOSPC') as string });
    expect(codesForErrors(['run'])(failure())).toBe(2);
    expect(codesForErrors(['run', '--bisect'])(failure())).toBe(125);
  });

  it('are content when whoever reads has had enough', () => {
    const { stdout, failure } = watched();
    stdout.emit('error', failing('EPIPE'));
    expect(failure()).toBeUndefined();
  });

  it('end nothing for want of a place for status', () => {
    const { stderr, failure } = watched();
    stderr.emit('error', failing('ENOSPC'));
    expect(failure()).toBeUndefined();
  });
});
