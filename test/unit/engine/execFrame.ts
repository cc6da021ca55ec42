/** A chunk of output as Docker frames it: which stream, three zeros, the length. Source: the Engine API's attach. */
export function execFrame(stream: 1 | 2, content: string): Buffer {
  const body = Buffer.from(content);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}
