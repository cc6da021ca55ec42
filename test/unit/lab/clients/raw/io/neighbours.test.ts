import { describe, expect, it } from 'vitest';
import { addressBytes } from '../../../../../../lab/clients/raw/io/addresses.js';
import { makeNeighbours } from '../../../../../../lab/clients/raw/io/neighbours.js';
import { arpFrame, hostMac, ipFrame, otherMac, tcp } from './frames.js';

/** Keeps what is sent. */
function outbox() {
  const sent: Buffer[] = [];
  const bytes = Buffer.alloc(4096, 0xee);
  return {
    sent,
    bytes,
    reserve: () => 1000,
    commit: (length: number) => sent.push(Buffer.from(bytes.subarray(1000, 1000 + length))),
  };
}

function setUp(family: 'ipv4' | 'ipv6') {
  const out = outbox();
  const [address, sources] =
    family === 'ipv4'
      ? ['198.18.0.2', ['198.18.0.20', '198.18.0.21']]
      : ['fd00::2', ['fd00::20', 'fd00::abcd:ef21']];
  const neighbours = makeNeighbours({ family, mac: hostMac, address, sources, outbox: out });
  const receive = (frame: Buffer) => {
    // As in a batch: not at the beginning.
    const bytes = Buffer.concat([Buffer.alloc(7), frame, Buffer.alloc(3)]);
    return neighbours.receive(bytes, 7, frame.length);
  };
  return { neighbours, receive, sent: out.sent };
}

describe('ARP', () => {
  it('is answered for each source, to the asker alone', () => {
    const { receive, sent } = setUp('ipv4');
    expect(receive(arpFrame(1, [otherMac, '198.18.0.9'], [Buffer.alloc(6), '198.18.0.21']))).toBe(true);
    expect(sent).toEqual([arpFrame(2, [hostMac, '198.18.0.21'], [otherMac, '198.18.0.9'])]);
  });

  it.each(['198.18.0.2', '198.18.0.22'])('is not answered for %s', (target) => {
    const { receive, sent } = setUp('ipv4');
    expect(receive(arpFrame(1, [otherMac, '198.18.0.9'], [Buffer.alloc(6), target]))).toBe(true);
    expect(sent).toEqual([]);
  });

  it('asks for the next hop from the own address, and takes the answer', () => {
    const { neighbours, receive, sent } = setUp('ipv4');
    neighbours.ask('198.18.0.9');
    expect(sent).toEqual([arpFrame(1, [hostMac, '198.18.0.2'], [Buffer.alloc(6), '198.18.0.9'])]);
    expect(neighbours.macOf('198.18.0.9')).toBeUndefined();
    receive(arpFrame(2, [otherMac, '198.18.0.9'], [hostMac, '198.18.0.2']));
    expect(neighbours.macOf('198.18.0.9')).toEqual(otherMac);
    expect(neighbours.macOf('198.18.0.10')).toBeUndefined();
  });

  it('takes no answer that is for somebody else', () => {
    const { neighbours, receive } = setUp('ipv4');
    receive(arpFrame(2, [otherMac, '198.18.0.9'], [hostMac, '198.18.0.3']));
    expect(neighbours.macOf('198.18.0.9')).toBeUndefined();
  });

  it('takes no notice of what is cut off or of another kind', () => {
    const { receive, sent } = setUp('ipv4');
    const question = arpFrame(1, [otherMac, '198.18.0.9'], [Buffer.alloc(6), '198.18.0.21']);
    expect(receive(question.subarray(0, 41))).toBe(true);
    question[19] = 6;
    expect(receive(question)).toBe(true);
    expect(sent).toEqual([]);
  });

  it('leaves segments to others', () => {
    const { receive } = setUp('ipv4');
    const frame = ipFrame({
      source: '198.18.0.9',
      destination: '198.18.0.20',
      protocol: 6,
      payload: tcp(80),
    });
    expect(receive(frame)).toBe(false);
    expect(receive(frame.subarray(0, 13))).toBe(false);
  });
});

describe('neighbour discovery', () => {
  const message = (type: number, target: string, option: readonly [number, Buffer]) =>
    Buffer.concat([
      Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]),
      addressBytes(target),
      Buffer.from([option[0], 1]),
      option[1],
    ]);
  const solicitation = (target: string, source = 'fe80::9', hopLimit = 255) =>
    ipFrame({
      source,
      destination: 'ff02::1:ff00:20',
      protocol: 58,
      hopLimit,
      payload: message(135, target, [1, otherMac]),
    });

  it('answers for each source, to the asker alone', () => {
    const { receive, sent } = setUp('ipv6');
    expect(receive(solicitation('fd00::abcd:ef21'))).toBe(true);
    const [answer] = sent;
    expect(answer?.subarray(0, 14).toString('hex')).toBe(
      `${otherMac.toString('hex')}${hostMac.toString('hex')}86dd`,
    );
    expect(answer?.subarray(22, 54)).toEqual(
      Buffer.concat([addressBytes('fd00::abcd:ef21'), addressBytes('fe80::9')]),
    );
    const expected = message(136, 'fd00::abcd:ef21', [2, hostMac]);
    expected.writeUInt32BE(0x6000_0000, 4);
    answer!.copy(expected, 2, 56, 58);
    expect(answer?.subarray(54)).toEqual(expected);
    expect(answer?.[21]).toBe(255);
  });

  it('gives its messages a checksum that adds up to zero', () => {
    const { neighbours, receive, sent } = setUp('ipv6');
    neighbours.ask('fd00::9');
    receive(solicitation('fd00::20'));
    expect(sent).toHaveLength(2);
    for (const frame of sent) {
      let sum = 58 + 32;
      for (let at = 22; at < frame.length; at += 2) sum += frame.readUInt16BE(at);
      expect(sum % 0xffff).toBe(0);
    }
  });

  it.each([
    ['for another address', solicitation('fd00::22')],
    ['that came through a router', solicitation('fd00::20', 'fd00::9', 254)],
    ['of somebody who has no address yet', solicitation('fd00::20', '::')],
    ['that is cut off', solicitation('fd00::20').subarray(0, 70)],
  ])('does not answer a question %s', (_, frame) => {
    const { receive, sent } = setUp('ipv6');
    expect(receive(frame)).toBe(true);
    expect(sent).toEqual([]);
  });

  it("asks the next hop's group, and takes the answer", () => {
    const { neighbours, receive, sent } = setUp('ipv6');
    neighbours.ask('fd00::1234:5678');
    const [question] = sent;
    expect(question?.subarray(0, 6).toString('hex')).toBe('3333ff345678');
    expect(question?.subarray(38, 54)).toEqual(addressBytes('ff02::1:ff34:5678'));
    const expected = message(135, 'fd00::1234:5678', [1, hostMac]);
    question!.copy(expected, 2, 56, 58);
    expect(question?.subarray(54)).toEqual(expected);
    const payload = message(136, 'fd00::1234:5678', [2, otherMac]);
    const answer = { source: 'fd00::1234:5678', destination: 'fd00::2', protocol: 58, hopLimit: 255 };
    receive(ipFrame({ ...answer, payload }));
    expect(neighbours.macOf('fd00::1234:5678')).toEqual(otherMac);
  });

  it('takes the MAC address of the frame where an answer has none', () => {
    const { neighbours, receive } = setUp('ipv6');
    const payload = message(136, 'fd00::9', [2, hostMac]).subarray(0, 24);
    receive(ipFrame({ source: 'fd00::9', destination: 'fd00::2', protocol: 58, hopLimit: 255, payload }));
    expect(neighbours.macOf('fd00::9')).toEqual(otherMac);
  });

  it('leaves segments and ICMP errors to others', () => {
    const { receive } = setUp('ipv6');
    const parts = { source: 'fd00::9', destination: 'fd00::20' };
    expect(receive(ipFrame({ ...parts, protocol: 6, payload: tcp(80) }))).toBe(false);
    expect(receive(ipFrame({ ...parts, protocol: 58, payload: Buffer.from([1, 1, 0, 0]) }))).toBe(false);
  });
});
