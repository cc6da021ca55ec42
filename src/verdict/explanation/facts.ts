import type { TracedPacket } from '../../evidence/model/traced.js';
import type { Signal } from '../../scenario/model/expectation.js';
import { signalText } from '../model/expectationText.js';
import type { Fact } from '../model/verdict.js';
import {
  capturedAs,
  isFromClient,
  isOf,
  refusalsOn,
  sentOn,
  type ConnectionKey,
  type Refusal,
} from './packets/followedPackets.js';
import { freedText, refusedText } from './packets/kernelView.js';
import type { KnownRule } from './packets/knownRule.js';
import { packetsBefore, passing } from './packets/passedBefore.js';
import { afterText, tracedPacketText } from './packets/tracedPacketText.js';
import { limitOf, ruleLineText, rulePlaceText, statesAsked } from './packets/ruleLineText.js';
import type { DecidingSysctl } from './causes/sysctlBehind.js';

/** What led to a packet being turned away, and what came of it. */
export interface Chain {
  readonly facts: readonly Fact[];
  /** The three lines that say it. */
  readonly summary: readonly string[];
}

/**
 * The chain of facts about the first packet of a connection that was turned away. `signal` is what its client got for it, `setting` what
 * kept the rules from letting it in.
 */
export function chainOf(
  refusal: Refusal,
  connection: ConnectionKey,
  { signal, setting }: { readonly signal: Signal; readonly setting: DecidingSysctl | undefined },
): Chain {
  const { at, packet, step, rule } = refusal;
  const all = at.traced.packets ?? [];
  const own = all.filter((one) => isOf(one, connection));
  const before = packetsBefore(refusal, connection);
  const number = own.filter(({ way }) => way === packet.way).indexOf(packet) + 1;
  const letIn = before.flatMap((one) => passing(at, one, step));
  const captured = capturedAs(at, packet, own);
  const seconds = captured?.seconds;
  const whose = isFromClient(packet, connection) ? "the client's" : "the service's";
  const kind = tracedPacketText(packet);
  const article = kind.startsWith('ICMP') ? 'an' : 'a';
  const name = `${packet.sourcePort === undefined ? article : whose} ${kind}`;
  const again = refusalsOn(at, own).filter((one) => one.packet !== packet && one.step.rule === step.rule);
  const left = before.map((one) => sentOn(one, all)).filter((one) => one !== undefined);
  const isAgain = sentOn(packet, all) !== undefined;
  const entries = at.traced.entries?.filter(
    ({ sourcePort, destinationPort }) =>
      sourcePort === packet.sourcePort || destinationPort === packet.sourcePort,
  );
  const passed = [...new Map(letIn.map((one) => [one.rule.rule, one])).values()];
  const unmatched = passed.flatMap((one) => {
    const why = whyUnmatched(one, packet.state);
    return one.rule === rule.rule || why === undefined ? [] : [{ one, why }];
  });
  const facts: Fact[] = [];
  const node = at.name;
  for (const one of passed) {
    const some = before.filter((each) =>
      passing(at, each, step).some(({ rule: other }) => other === one.rule),
    );
    facts.push({
      ...{ kind: 'let-in' as const, node, ...placed(one) },
      text: `${countOf(some)} before it (${kindsOf(some)})${statesOf(some)} matched ${ruleLineText(one)}`,
    });
  }
  if (left.length > 0 && at.node?.role === 'director') {
    const forgotten = left.filter(({ state }) => state === 'UNTRACKED').length;
    const tracked = before.some(({ state }) => state !== undefined && state !== 'UNTRACKED');
    facts.push({
      ...{ kind: 'sent-on' as const, node },
      text: `${node} sent ${before.length === 1 ? 'it' : left.length === before.length ? 'all of them' : `${String(left.length)} of them`} on to a realserver${forgotten === left.length && tracked ? `; when ${left.length === 1 ? 'it' : 'they'} left, connection tracking knew nothing of ${left.length === 1 ? 'it' : 'them'} any more (UNTRACKED)` : ''}`,
    });
  }
  const freed = freedText(before.flatMap((one) => at.kernel.get(one) ?? []));
  if (freed !== undefined) facts.push({ kind: 'freed', node, text: `in ${node}'s kernel ${freed}` });
  if (
    entries !== undefined &&
    packet.sourcePort !== undefined &&
    all.some(({ state }) => state !== undefined)
  ) {
    const went = entries.flatMap(({ what, state }) =>
      what === 'destroy' ? ['gone'] : state === undefined ? [] : [state],
    );
    facts.push({
      ...{ kind: 'entry' as const, node },
      text:
        went.length === 0
          ? `connection tracking on ${node} never had an entry of the connection in its table`
          : `connection tracking on ${node} had an entry of the connection: ${went.join(', ')}`,
    });
  }
  facts.push({
    ...{ kind: 'packet' as const, node, packet: packet.kind },
    ...(number > 0 ? { number } : {}),
    ...(captured?.frame === undefined ? {} : { frame: captured.frame }),
    ...(seconds === undefined ? {} : { seconds }),
    text: `${name} ${packet.way === 'arrived' ? 'came to' : 'was about to leave'} ${node}${number > 0 ? ` as packet ${String(number)} of the connection's that did` : ''}${captured?.frame === undefined ? '' : `, packet ${String(captured.frame)} of traced/${node}.pcap`}${afterText(seconds)}`,
  });
  if (packet.state !== undefined) {
    const passage = at.kernel.get(packet);
    const how = passage === undefined ? undefined : refusedText(passage);
    facts.push({
      kind: 'state',
      node,
      state: packet.state,
      text: `connection tracking called it ${packet.state}${how === undefined ? '' : `: ${how}`}`,
    });
  }
  if (setting !== undefined)
    facts.push({ kind: 'sysctl', node, sysctl: setting.what, text: setting.because });
  for (const { one, why } of unmatched)
    facts.push({
      ...{ kind: 'no-match' as const, node, ...placed(one) },
      text: `${ruleLineText(one)} did not match it: it ${why}`,
    });
  facts.push({
    kind: 'refused',
    node,
    ...placed(rule),
    packet: packet.kind,
    text: `${ruleLineText(rule)} took it`,
  });
  if (again.length > 0)
    facts.push({
      ...{ kind: 'again' as const, node, ...placed(rule) },
      text: `the same became of ${String(again.length)} more of the connection's packets (${kindsOf(again.map((one) => one.packet))})`,
    });
  const answer =
    signal.kind === 'silence' ? 'nothing told the client' : `the client was told by ${signalText(signal)}`;
  facts.push({ kind: 'answered', text: answer });
  const unseen = isAgain
    ? undefined
    : at.node?.role === 'director' && isFromClient(packet, connection)
      ? 'no realserver got it'
      : undefined;
  if (unseen !== undefined) facts.push({ kind: 'unseen', text: unseen });
  const entry = facts.find(({ kind }) => kind === 'entry');
  return {
    facts,
    summary: [
      `${name} on ${node}${packet.state === undefined ? '' : ` was ${packet.state} to connection tracking`}${entry !== undefined && entries?.length === 0 ? `, which had no entry of the connection${freed === undefined ? '' : ': IPVS had thrown it away'}` : ''}${afterText(seconds)}${setting === undefined ? '' : `: ${setting.because}`}`,
      `${ruleLineText(rule)} took it${unmatched.length === 0 ? '' : `; ${unmatched.map(({ one, why }) => `${rulePlaceText(one)}, which let ${countOf(before)} before it in, ${why}`).join('; ')}`}`,
      `${answer}${unseen === undefined ? '' : `; ${unseen}`}${again.length === 0 ? '' : `; ${String(again.length)} more of its packets went the same way`}`,
    ],
  };
}

/** The rule of a fact, with where it is written. */
function placed({ text, written }: KnownRule): Pick<Fact, 'rule' | 'file' | 'line'> {
  return { rule: text, ...(written === undefined ? {} : { file: written.file, line: written.line }) };
}

/** Why a rule that took packets before does not take one in this state; undefined: nothing that it asks tells. */
function whyUnmatched(rule: KnownRule, state: string | undefined): string | undefined {
  const asked = statesAsked(rule);
  if (state !== undefined && asked !== undefined && !asked.includes(state))
    return `asks for ${asked.join(' or ')}`;
  const limit = limitOf(rule);
  return limit === undefined ? undefined : `matches only so many (\`${limit}\`)`;
}

const countOf = (packets: readonly TracedPacket[]): string =>
  packets.length === 1 ? 'the packet' : `the ${String(packets.length)} packets`;

function kindsOf(packets: readonly TracedPacket[]): string {
  const counts = new Map<string, number>();
  for (const packet of packets)
    counts.set(tracedPacketText(packet), (counts.get(tracedPacketText(packet)) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) =>
      count === 1 ? name : `${String(count)} ${name}${name === 'datagram' ? 's' : ''}`,
    )
    .join(', ');
}

function statesOf(packets: readonly TracedPacket[]): string {
  const states = [...new Set(packets.map(({ state }) => state))].filter((state) => state !== undefined);
  const were = packets.length === 1 ? 'was' : 'were';
  return states.length === 0 ? '' : ` ${were} ${states.join(' and ')} to connection tracking, and`;
}
