import { describe, expect, it } from 'vitest';
import { PullDownload, type PullEvent } from '../../../../src/engine/images/pullDownload.js';

const layer = (id: string, current: number, total: number): PullEvent => ({
  id,
  status: 'Downloading',
  progressDetail: { current, total },
});

describe('what Docker says of a pull', () => {
  it('is added up over layers, and ends with the whole', () => {
    let milliseconds = 0;
    const pull = new PullDownload(() => milliseconds);
    milliseconds = 1000;
    expect(pull.take({ id: 'trixie', status: 'Pulling from library/debian' })).toBeUndefined();
    expect(pull.take(layer('a', 10, 100))).toEqual({
      bytes: 10,
      total: 100,
      bytesPerSecond: 10,
      isOver: false,
    });
    expect(pull.take(layer('b', 20, 300))).toMatchObject({ bytes: 30, total: 400 });
    expect(pull.take({ id: 'a', status: 'Download complete' })).toMatchObject({ bytes: 120, total: 400 });
    milliseconds = 2000;
    expect(pull.end()).toEqual({ bytes: 400, total: 400, bytesPerSecond: 200, isOver: true });
  });

  it('is nothing where all layers are there', () => {
    const pull = new PullDownload();
    expect(pull.take({ id: 'a', status: 'Already exists' })).toBeUndefined();
    expect(pull.take({ id: 'a', status: 'Download complete' })).toBeUndefined();
    expect(pull.end()).toBeUndefined();
  });
});
