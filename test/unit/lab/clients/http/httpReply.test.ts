import { describe, expect, it } from 'vitest';
import { HttpReply } from '../../../../../lab/clients/http/httpReply.js';

const reply = 'HTTP/1.1 200 OK\r\nX-Realserver: realserver1\r\ncontent-length: 6\r\n\r\nhello\n';

function read(text: string, chunk: number): HttpReply {
  const result = new HttpReply();
  for (let at = 0; at < text.length; at += chunk) result.push(Buffer.from(text.slice(at, at + chunk)));
  return result;
}

describe('HttpReply', () => {
  it.each([1, 3, 1000])('is complete when the whole body has come, in chunks of %i bytes', (chunk) => {
    expect(read(reply, chunk)).toMatchObject({ status: 200, complete: true });
    expect(read(reply.slice(0, -1), chunk)).toMatchObject({ status: 200, complete: false });
  });

  it('has no status before the head has ended', () => {
    expect(read(reply.slice(0, 30), 10)).toMatchObject({ status: undefined, complete: false });
  });

  it('waits for the end of the connection where there is no Content-Length', () => {
    const endless = read('HTTP/1.1 200 OK\r\n\r\nhello', 100);
    expect(endless.complete).toBe(false);
    endless.end();
    expect(endless.complete).toBe(true);
  });

  it('is not complete when the connection ends before the body does', () => {
    const cut = read(reply.slice(0, -3), 100);
    cut.end();
    expect(cut.complete).toBe(false);
  });

  it('never takes for complete what is no HTTP', () => {
    const noise = read('SSH-2.0-OpenSSH\r\n\r\n', 100);
    noise.end();
    expect(noise).toMatchObject({ status: undefined, complete: false });
  });
});

describe('an HttpReply', () => {
  it.each(['200', '404', '503'])('has the status %s, wherever it is split', (status) => {
    for (const chunk of [1, 2, 10, 13])
      expect(read(reply.replace('200', status), chunk).status).toBe(Number(status));
  });

  it('keeps its status when more comes than it says', () => {
    expect(read(`${reply}HTTP/1.1 500 No\r\n`, 1000)).toMatchObject({ complete: true });
    expect(read(`${reply}HTTP/1.1 500 No\r\n`, 1)).toMatchObject({ status: 200, complete: true });
  });
});
