import { describe, expect, it } from 'vitest';
import { ab, wrk } from '../../../../bench/tools/http.js';
import { tempFolder } from '../../engine/tempFolder.js';
import { fakePlace } from '../fakePlace.js';

const work = { connections: 500, seconds: 5, floodSeconds: 1, concurrency: 64, scratch: '/nowhere' };

const wrkOutput = `Running 5s test @ http://198.18.1.9:80/close/text
  1 threads and 64 connections
  67834 requests in 5.05s, 11.90MB read
  Socket errors: connect 0, read 3, write 0, timeout 0
Requests/sec:  13432.48`;

const abOutput = `Concurrency Level:      64
Time taken for tests:   2.500 seconds
Complete requests:      500
Failed requests:        2`;

const printing = (text: string) => `cat <<'END'\n$0 $*\n${text}\nEND`;

describe('wrk', () => {
  it('is read: its requests, its own time and its errors', async () => {
    const place = fakePlace(tempFolder(), { wrk: printing(wrkOutput) });
    expect(await wrk(place, work)).toMatchObject({
      tool: 'wrk',
      kind: 'conversations',
      connections: 67_834,
      connectionsPerSecond: 67_834 / 5.05,
      remarks: ['Socket errors: connect 0, read 3, write 0, timeout 0'],
    });
  });

  it('is told what to do', async () => {
    const place = fakePlace(tempFolder(), { wrk: 'echo "asked: $*"' });
    await expect(wrk(place, work)).rejects.toMatchObject({
      message: 'wrk said nothing of its requests',
      details: expect.stringContaining(
        'asked: --threads 1 --connections 64 --duration 5s --header Connection: close http://198.18.1.9:80/close/text',
      ) as string,
    });
  });
});

describe('ab', () => {
  it('is read: its requests, its own time and its failures', async () => {
    const place = fakePlace(tempFolder(), { ab: printing(abOutput) });
    expect(await ab(place, work)).toMatchObject({
      connections: 500,
      connectionsPerSecond: 200,
      remarks: ['2 failed'],
    });
  });

  it('is told what to do', async () => {
    const place = fakePlace(tempFolder(), { ab: 'echo "asked: $*"' });
    await expect(ab(place, work)).rejects.toMatchObject({
      details: expect.stringContaining(
        'asked: -q -n 500 -c 64 -H Connection: close http://198.18.1.9:80/close/text',
      ) as string,
    });
  });
});
