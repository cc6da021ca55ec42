import { isHealthy } from '../../contracts/words/outcomes.js';
import type { Scenario } from '../../scenario/model/scenario.js';

/** Something that people see of connections in trouble, and the scenarios that have it. */
export interface Symptom {
  /** What they see, in their words. */
  readonly seen: string;
  readonly isSeenIn: (scenario: Scenario) => boolean;
}

/** Symptoms in the order of a connection's life. A scenario may have several; one that is healthy has none. */
export const symptoms: readonly Symptom[] = [
  {
    seen: 'Connections are refused, or hang when they are opened',
    isSeenIn: hasOutcome('unreachable', 'handshake-blocked'),
  },
  {
    seen: 'Only some connections are in trouble, depending on the realserver or on chance',
    isSeenIn: ({ expect: { outcome, connections, mix, realservers } }) =>
      !isHealthy(outcome) && [connections, mix, realservers].some((part) => part !== undefined),
  },
  {
    seen: 'Connections open, and then the page, the upload or the stream hangs',
    isSeenIn: (scenario) => hasOutcome('transfer-blocked')(scenario) && !isReset(scenario),
  },
  {
    seen: 'The end of what a client sent never arrives, and nobody is told',
    isSeenIn: hasOutcome('data-lost'),
  },
  { seen: 'Connections are reset', isSeenIn: (scenario) => isBroken(scenario) && isReset(scenario) },
  {
    seen: 'It goes wrong after a silence',
    isSeenIn: (scenario) => isBroken(scenario) && isSilent(scenario.load) && scenario.events.length === 0,
  },
  {
    seen: 'It worked, and goes wrong a while after a reload, a restart, a failover or another change',
    isSeenIn: (scenario) => isBroken(scenario) && scenario.events.length > 0,
  },
  {
    seen: 'Connections work and cannot close: sockets pile up in FIN-WAIT-2, FIN-WAIT-1, LAST-ACK or ESTABLISHED',
    isSeenIn: hasOutcome('close-blocked'),
  },
  { seen: 'New connections are slow, or there is no local port left', isSeenIn: isShortOfPorts },
  { seen: 'Packets go past the director', isSeenIn: hasOutcome('bypassed') },
  {
    seen: 'Requests of UDP, such as those of DNS, are not answered, or a stream of QUIC stalls',
    isSeenIn: hasOutcome('unanswered'),
  },
  {
    seen: 'A realserver that was taken out still gets datagrams of UDP',
    isSeenIn: hasOutcome('answered-stale'),
  },
  { seen: 'It shows under load', isSeenIn: (scenario) => isBroken(scenario) && scenario.flows !== undefined },
];

type Outcome = Scenario['expect']['outcome'];

function hasOutcome(...wanted: readonly Outcome[]): Symptom['isSeenIn'] {
  return ({ expect: { outcome, later, flows } }) =>
    [outcome, later?.outcome ?? outcome, flows?.outcome ?? outcome].some((one) => wanted.includes(one));
}

function isBroken({ expect: { outcome, later, flows } }: Scenario): boolean {
  return [outcome, later?.outcome ?? outcome, flows?.outcome ?? outcome].some((one) => !isHealthy(one));
}

/** Whether nobody sends anything for a while in mid-connection: the client, or a server that thinks. What is silent behind an upload is over. */
function isSilent({ idle, think, reply }: Scenario['load']): boolean {
  return think !== undefined || (idle > 0 && reply !== false);
}

function isReset({ expect: { signal } }: Scenario): boolean {
  return signal?.kind === 'tcp-reset';
}

/** A port that is used again waits for its first connection's end, which shows as the time of connect(). */
function isShortOfPorts(scenario: Scenario): boolean {
  return hasOutcome('ports-exhausted')(scenario) || scenario.expect.connect?.atLeast !== undefined;
}
