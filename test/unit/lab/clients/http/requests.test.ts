import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LoadPattern } from '../../../../../src/contracts/agents/load.js';
import { requestsOf } from '../../../../../lab/clients/http/requests.js';
import { clientFirst, halfClose, serverFirst, pattern } from '../dialogues.js';

describe('requestsOf', () => {
  it('asks the realserver to close behind its reply where the server closes first', () => {
    expect(requestsOf('10.0.0.9', pattern, serverFirst)).toEqual([
      { head: 'GET /close/text HTTP/1.1\r\nHost: 10.0.0.9\r\n\r\n', bodyBytes: 0 },
    ]);
  });

  it('asks it to leave the connection open where the client closes first', () => {
    expect(requestsOf('10.0.0.9', pattern, clientFirst)[0]?.head).toMatch(/^GET \/keep\/text /);
  });

  it('asks for a late reply to the last request where the client half-closes', () => {
    const lines = (say: Partial<LoadPattern>, closing = halfClose) =>
      requestsOf('10.0.0.9', { ...pattern, ...say }, closing).map(({ head }) => head.split(' HTTP')[0]);
    expect(lines({ requests: 2 })).toEqual(['GET /keep/text', 'GET /keep-late/text']);
    expect(lines({ upload: 5 })).toEqual(['POST /keep-late/upload']);
    expect(lines({ download: 5, rate: 1 })).toEqual(['GET /keep-late/zeros?rate=1']);
    expect(lines({}, { ...halfClose, first: 'server' })).toEqual(['GET /close-late/text']);
  });

  it('asks for a reply so many seconds late, or for none, to the last request', () => {
    const lines = (say: Partial<LoadPattern>, closing = clientFirst) =>
      requestsOf('10.0.0.9', { ...pattern, ...say }, closing).map(({ head }) => head.split(' HTTP')[0]);
    expect(lines({ requests: 2, think: 7 })).toEqual(['GET /keep/text', 'GET /keep-late/text?think=7']);
    expect(lines({ think: 7 }, serverFirst)).toEqual(['GET /close-late/text?think=7']);
    expect(lines({ think: 7 }, halfClose)).toEqual(['GET /keep-late/text?think=7']);
    expect(lines({ upload: 5, think: 7 })).toEqual(['POST /keep-late/upload?think=7']);
    expect(lines({ download: 5, rate: 1, think: 7 })).toEqual(['GET /keep-late/zeros?rate=1&think=7']);
    expect(lines({ requests: 2, reply: false })).toEqual(['GET /keep/text', 'GET /never/text']);
    expect(lines({ upload: 5, reply: false })).toEqual(['POST /never/upload']);
  });

  it('asks for nothing that the realservers do not have', () => {
    const conf = readFileSync(
      new URL('../../../../../lab/node/server/nginx.conf.in', import.meta.url),
      'utf8',
    );
    const sizes = [{}, { upload: 5 }, { download: 5 }];
    const hows = ['fin', 'half-close'] as const;
    for (const say of sizes) {
      for (const how of hows) {
        for (const first of ['server', 'client'] as const) {
          for (const late of [{}, { think: 3 }]) {
            const [request] = requestsOf('10.0.0.9', { ...pattern, ...say, ...late }, { first, how });
            const path = request?.head.split(/[ ?]/)[1] ?? '';
            expect(conf).toContain(`location = ${path} {`);
          }
        }
      }
    }
    for (const say of [{}, { upload: 5 }]) {
      const [request] = requestsOf('10.0.0.9', { ...pattern, ...say, reply: false }, clientFirst);
      expect(conf).toContain(`location = ${request?.head.split(' ')[1] ?? ''} {`);
    }
  });

  it('has only the last of several requests close the connection', () => {
    const heads = requestsOf('10.0.0.9', { ...pattern, requests: 3, upload: 5 }, serverFirst);
    expect(heads.map(({ head, bodyBytes }) => [head.split(' HTTP')[0], bodyBytes])).toEqual([
      ['GET /keep/text', 0],
      ['GET /keep/text', 0],
      ['POST /close/upload', 5],
    ]);
  });

  it('announces the length of an upload', () => {
    const [request] = requestsOf('10.0.0.9', { ...pattern, upload: 70_000, rate: 10 }, clientFirst);
    expect(request).toEqual({
      head: 'POST /keep/upload HTTP/1.1\r\nHost: 10.0.0.9\r\nContent-Length: 70000\r\n\r\n',
      bodyBytes: 70_000,
    });
  });

  it('asks for so many bytes of a download, and for its rate', () => {
    const head = (rate: number) =>
      requestsOf('10.0.0.9', { ...pattern, download: 1000, rate }, serverFirst)[0]?.head.split('\r\n');
    expect(head(0)).toEqual(['GET /close/zeros HTTP/1.1', 'Host: 10.0.0.9', 'Range: bytes=0-999', '', '']);
    expect(head(200)?.[0]).toBe('GET /close/zeros?rate=200 HTTP/1.1');
  });

  it('puts an IPv6 address into brackets', () => {
    expect(requestsOf('fd00::9', pattern, serverFirst)[0]?.head).toContain('\r\nHost: [fd00::9]\r\n');
  });
});
