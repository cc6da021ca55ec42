import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowTable } from '../../../../../lab/clients/raw/flows/flowTable.js';
import { ReplyReader } from '../../../../../lab/clients/http/replyReader.js';

const flow = 1;

function readerOf() {
  const table = new FlowTable(3);
  const reader = new ReplyReader(table);
  reader.begin(flow);
  const read = (text: string, kept = text.length): number => {
    const bytes = Buffer.from(`__${text}__`, 'latin1');
    return reader.read(flow, bytes, { at: 2, length: text.length, kept });
  };
  return {
    read,
    end: () => {
      reader.end(flow);
    },
    complete: () => table.replies[flow],
  };
}

const ok = 'HTTP/1.1 200 OK\r\n';

describe('a reply', () => {
  it.each([
    ['with a body', `${ok}Server: nginx\r\nContent-Length: 5\r\nX-Realserver: realserver1\r\n\r\nhello`],
    ['without one', `${ok}content-length:0\r\n\r\n`],
    ['with much space', `${ok}CONTENT-LENGTH: \t 5 \r\n\r\nhello`],
    ['with line feeds only', 'HTTP/1.0 404 No\nContent-Length: 1\n\nx'],
    [
      'that names its length in other headers too',
      `${ok}X-Content-Length: 9\r\nContent-Lengths: 9\r\nContent-Length: 1\r\n\r\nx`,
    ],
  ])('%s is complete with its last byte, wherever it is split', (_what, reply) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: reply.length - 1 }), { maxLength: 8 }), (cuts) => {
        const { read, complete } = readerOf();
        const ends = [...new Set(cuts)].sort((one, other) => one - other);
        let from = 0;
        for (const to of ends) {
          expect(read(reply.slice(from, to))).toBe(to - from);
          expect(complete()).toBe(0);
          from = to;
        }
        read(reply.slice(from));
        expect(complete()).toBe(1);
      }),
    );
  });

  it('without a length is complete when the server closes', () => {
    const { read, end, complete } = readerOf();
    read(`${ok}Server: nginx\r\n\r\nhello`);
    expect(complete()).toBe(0);
    end();
    expect(complete()).toBe(1);
  });

  it('that is cut short is not complete when the server closes', () => {
    const { read, end, complete } = readerOf();
    read(`${ok}Content-Length: 5\r\n\r\nhell`);
    end();
    expect(complete()).toBe(0);
  });

  it.each([
    'SSH-2.0-OpenSSH\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/x.1 200',
  ])('that is no HTTP is never complete', (text) => {
    const { read, end, complete } = readerOf();
    expect(read(text)).toBe(text.length);
    end();
    expect(complete()).toBe(0);
  });

  it('may follow another one in the same segment', () => {
    const { read, complete } = readerOf();
    const reply = `${ok}Content-Length: 5\r\n\r\nhello`;
    read(reply + reply + reply.slice(0, -1));
    expect(complete()).toBe(2);
  });

  it('is read to where its head was cut off, and on from there', () => {
    const { read, complete } = readerOf();
    const reply = `${ok}Content-Length: 5\r\n\r\nhello`;
    expect(read(reply, 10)).toBe(10);
    expect(read(reply.slice(10), reply.length - 15)).toBe(reply.length - 10);
    expect(complete()).toBe(1);
    // A body is counted, whether it was kept or not.
    expect(read(reply, reply.length - 5)).toBe(reply.length);
    expect(complete()).toBe(2);
  });
});
