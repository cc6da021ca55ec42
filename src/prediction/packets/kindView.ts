import type { VirtualService } from '../model/question.js';
import type { KindView } from '../walk/view.js';
import type { PacketClass } from './packetClasses.js';
import { protocolNumbers } from './protocolNumbers.js';

/** A kind of packet of a service as rules see it, or, with `isTunnelled`, the tunnel's packet that has it inside. */
export function kindView(
  kind: PacketClass,
  { family, protocol }: Pick<VirtualService, 'family' | 'protocol'>,
  isTunnelled: boolean,
  states: KindView['states'],
): KindView {
  if (isTunnelled) {
    return {
      protocol: protocolNumbers.tunnel[family],
      flags: undefined,
      hasPorts: false,
      states,
      icmp: undefined,
    };
  }
  const isIcmp = kind.part === 'icmp' || kind.part === 'neighbour';
  return {
    protocol: isIcmp ? protocolNumbers.icmp[family] : protocolNumbers[protocol],
    flags: kind.flags,
    hasPorts: !isIcmp,
    states,
    icmp: isIcmp ? (kind.icmp ?? protocolNumbers.tooBig[family]) : undefined,
  };
}
