import { icmpText } from '../../../verdict/model/expectationText.js';
import { flagNames } from '../../phrases/flagNames.js';
import type { Words } from '../words/english.js';
import type { PacketPath } from './packetPaths.js';

/** A packet in a few words: `SYN`, `FIN,ACK again`, `PSH,ACK, 120 bytes`, `ICMP 3/10 (host-prohibited)`. */
export function packetText(
  { icmp, flags, bytes, isAgain }: Pick<PacketPath, 'icmp' | 'flags' | 'bytes' | 'isAgain'>,
  words: Words,
): string {
  if (icmp !== undefined) return icmpText(icmp.type, icmp.code);
  const names = flagNames(flags);
  return [bytes === 0 ? names : `${names}, ${words.bytes(bytes)}`, ...(isAgain ? [words.again] : [])].join(
    ' ',
  );
}
