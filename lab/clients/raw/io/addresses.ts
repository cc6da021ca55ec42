import { isIP } from 'node:net';

/** An IP address as it is in a packet: 4 or 16 bytes. Throws RangeError for anything else than a plain address. */
export function addressBytes(text: string): Buffer {
  switch (isIP(text)) {
    case 4:
      return Buffer.from(text.split('.').map(Number));
    case 6:
      if (!text.includes('%')) return ipv6Bytes(text);
  }
  throw new RangeError(`expected an IPv4 or IPv6 address, found ${JSON.stringify(text)}`);
}

function ipv6Bytes(text: string): Buffer {
  const [left = '', right] = text.split('::');
  const head = groups(left);
  const tail = groups(right ?? '');
  return Buffer.concat([head, Buffer.alloc(16 - head.length - tail.length), tail]);
}

/** `fd00:1`, or `ffff:10.0.0.1`. */
function groups(text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  return Buffer.concat(
    text
      .split(':')
      .map((group) =>
        group.includes('.') ? addressBytes(group) : Buffer.from(group.padStart(4, '0'), 'hex'),
      ),
  );
}

/** `02:42:ac:11:00:02` as six bytes. */
export function macBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}
