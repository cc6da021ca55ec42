import { passagesOf } from '../../../../src/prediction/answer/clientGroups.js';
import { type Fate, fatesIn } from '../../../../src/prediction/answer/fates.js';
import { filtersOf } from '../../../../src/prediction/filters.js';
import { tcpKinds } from '../../../../src/prediction/packets/packetClasses.js';
import { walkDirector } from '../../../../src/prediction/packets/walkDirector.js';
import { universeOf } from '../../../../src/prediction/universeOf.js';
import { addressNumber } from '../../../../src/site/model/addressRange.js';
import { type Case, interfaces, port, probes, vip } from './probes.js';

/** What the prediction says of each probe. */
export function predictedAnswers({ tool, text }: Case): readonly Fate['fate'][] {
  const kind = tool === 'nft' ? 'nft' : 'iptables-save';
  const filters = filtersOf({ rules: [{ name: 'rules', kind, text }] });
  const service = {
    protocol: 'tcp' as const,
    family: 'ipv4' as const,
    vip,
    port,
    fwmark: undefined,
    servers: [{ address: '10.9.9.9', port, forwarding: 'dr' as const, isLocal: false }],
    at: undefined,
  };
  const director = {
    vsConntrack: false,
    loose: true,
    clientSide: interfaces,
    serverSide: ['e0'],
    clients: undefined,
    own: [],
    interfaces,
  };
  const universe = universeOf(service, director, filters);
  const walk = walkDirector({ service, director, filters, kinds: tcpKinds, universe, otherMarks: [] });
  const passages = passagesOf(walk);
  return probes.map((probe) => {
    const source = addressNumber(probe.source) ?? -1n;
    const client = universe.client.pieces.findIndex(({ first, last }) => first <= source && source <= last);
    const sourcePort = universe.port.pieces.findIndex(
      ([first, last]) => first <= probe.sourcePort && probe.sourcePort <= last,
    );
    const side = universe.clientSide.pieces.findIndex(({ name }) => name === probe.comesIn);
    const groups = passages
      .filter((passage) => passage.groups.clientSide.includes(side))
      .flatMap(({ clientGroups }) => clientGroups)
      .filter((one) => one.groups.client.includes(client) && one.groups.port.includes(sourcePort));
    const fates = groups
      .flatMap((group) => fatesIn(group, tcpKinds))
      .filter((fate) => fate.kind.name === probe.kind);
    const [fate, ...others] = fates;
    if (fate === undefined || others.length > 0) throw new Error(`${fates.length} answers for one packet`);
    return fate.fate;
  });
}
