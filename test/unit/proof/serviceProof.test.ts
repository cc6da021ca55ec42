import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/contracts/words/outcomes.js';
import type { ServicePrediction } from '../../../src/prediction/model/prediction.js';
import { expectedTrial } from '../../../src/proof/expectedTrial.js';
import { serviceProof } from '../../../src/proof/serviceProof.js';
import { type JobEnd, type Trial, trialOf } from '../../../src/proof/trial.js';
import { type Behaviour, behaviours } from '../../../src/rebuild/behaviours.js';
import { predicted, siteFiles } from '../prediction/siteAnswers.js';
import { blocked, blockedFate, failed, inconclusive } from '../report/samples.js';

const behaviour = (name: string) => {
  const found = behaviours.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

function predictionOf(site: string): ServicePrediction {
  const [first] = predicted(siteFiles(site)).services;
  if (first === undefined) throw new Error(site);
  return first;
}

const trial = (name: string, outcome: Outcome | undefined): Trial => ({
  behaviour: behaviour(name),
  kernel: '6.1.0',
  outcome,
  ends: undefined,
  connections: 4,
  doubts: outcome === undefined ? ['no packet'] : [],
  directory: '/runs/x',
});

const ofTcp = behaviours.filter(({ protocol }) => protocol === 'tcp');

/** The same outcome in each trial, but for those that are named. */
const trials = (
  outcome: Outcome | undefined,
  others: Readonly<Record<string, Outcome>> = {},
  ways: readonly Behaviour[] = ofTcp,
) => ways.map(({ name }) => trial(name, others[name] ?? outcome));

describe('what a prediction says of one way of closing', () => {
  it('goes by the packets that are sent then', () => {
    const output = predictionOf('output-drop');
    expect(ofTcp.map((one) => expectedTrial(output, one))).toEqual(ofTcp.map(() => 'unreachable'));
    const noReset = predictionOf('port-without-state');
    const packets = noReset.packets.map((packet) =>
      packet.packet === 'RST,ACK' ? { ...packet, fate: 'refused' as const } : packet,
    );
    const said = (name: string) => expectedTrial({ ...noReset, packets }, behaviour(name));
    expect([said('client-reset'), said('client-first'), said('upload')]).toEqual([
      'close-blocked',
      'healthy',
      'healthy',
    ]);
  });
});

describe('the proof of a service', () => {
  it('agrees where each way of closing comes to what the rules read', () => {
    const found = serviceProof(
      predictionOf('mangle-invalid'),
      trials('close-blocked', { 'port-again': 'unreachable' }),
      1,
    );
    expect(found).toMatchObject({ outcome: 'close-blocked', faults: [], open: undefined });
  });

  it('counts where it disagrees, and says that as a fault', () => {
    const prediction = predictionOf('mangle-invalid');
    const one = serviceProof(prediction, trials('close-blocked', { 'client-first': 'healthy' }), 1);
    expect(one.outcome).toBe('close-blocked');
    expect(one.faults).toEqual([
      'where the client closes first, the rules read close-blocked, and the lab on 6.1.0 shows healthy',
    ]);
    expect(serviceProof(prediction, trials('healthy'), 1)).toMatchObject({ outcome: 'healthy' });
    expect(serviceProof(prediction, trials('healthy'), 1).faults).toHaveLength(7);
    const healthy = serviceProof(predictionOf('port-without-state'), trials('close-blocked'), 1);
    expect(healthy.outcome).toBe('close-blocked');
    expect(healthy.faults).toHaveLength(7);
  });

  it('is of a service as a whole where its realservers are in several labs', () => {
    const both = [...trials('unreachable'), ...trials('healthy')];
    expect(serviceProof(predictionOf('output-drop'), both, 2)).toMatchObject({
      outcome: 'unreachable',
      faults: [],
    });
    expect(serviceProof(predictionOf('output-drop'), trials('healthy'), 2).faults).toEqual([
      'the rules read unreachable, and the lab shows healthy',
    ]);
  });

  it('does not take few connections for proof that a limit never bites', () => {
    const limited = predictionOf('hashlimit-in-front');
    const found = serviceProof(limited, trials('healthy'), 1);
    expect(found.outcome).toBe('unknown');
    expect(found.open).toContain('iptables.save:4');
    expect(serviceProof(limited, trials('transfer-blocked'), 1)).toMatchObject({
      outcome: 'transfer-blocked',
      faults: [],
    });
  });

  it('is what the rules read where no trial is known, but for what would be healthy', () => {
    expect(serviceProof(predictionOf('mangle-invalid'), trials(undefined), 1).outcome).toBe('close-blocked');
    expect(serviceProof(predictionOf('port-without-state'), trials(undefined), 1).outcome).toBe('unknown');
  });

  it('is not known where a trial is not, unless another one is worse', () => {
    const prediction = predictionOf('port-without-state');
    expect(serviceProof(prediction, [...trials('healthy'), trial('upload', undefined)], 1).outcome).toBe(
      'unknown',
    );
    expect(
      serviceProof(prediction, [...trials('close-blocked'), trial('upload', undefined)], 1).outcome,
    ).toBe('close-blocked');
    expect(serviceProof(prediction, trials('healthy', { 'port-again': 'unreachable' }), 1).outcome).toBe(
      'unreachable',
    );
  });
});

describe('the proof of a service of UDP', () => {
  const ways = behaviours.filter(({ protocol }) => protocol === 'udp');
  const tracked = predictionOf('udp-nat-tracked');

  it('asks of one request the packets of one request only', () => {
    expect(ways.map((one) => expectedTrial(tracked, one))).toEqual([
      'healthy',
      'transfer-blocked',
      'transfer-blocked',
    ]);
  });

  it('agrees where requests are answered, or not, as the rules read', () => {
    const found = serviceProof(tracked, trials('unanswered', { 'udp-request': 'answered' }, ways), 1);
    expect(found).toMatchObject({ outcome: 'transfer-blocked', faults: [], open: undefined });
    const open = predictionOf('udp-and-tcp');
    expect(serviceProof(open, trials('answered', {}, ways), 1)).toMatchObject({
      outcome: 'healthy',
      faults: [],
    });
  });

  it('counts where it disagrees, and says that as a fault in the words of UDP', () => {
    const found = serviceProof(tracked, trials('answered', {}, ways), 1);
    expect(found.outcome).toBe('healthy');
    expect(found.faults).toEqual([
      'where the same port asks again, the rules read unanswered, and the lab on 6.1.0 shows answered',
      'where a stream both ways, the rules read unanswered, and the lab on 6.1.0 shows answered',
    ]);
    expect(serviceProof(predictionOf('udp-and-tcp'), trials('unanswered', {}, ways), 1).faults).toHaveLength(
      3,
    );
    // What a client of an old realserver gets is nothing that rules decide.
    expect(serviceProof(tracked, trials('answered-stale', {}, ways), 1)).toMatchObject({
      outcome: 'unknown',
      faults: [],
    });
  });
});

describe('a trial', () => {
  const end: JobEnd = {
    behaviour: behaviour('server-first'),
    kernel: undefined,
    directory: '/runs/x',
    verdict: {
      ...failed,
      measured: {
        ...blocked,
        connections: [
          { ...blockedFate, client: '203.0.113.7:10001' },
          { ...blockedFate, client: '203.0.113.7:10002', fate: 'healthy' },
        ],
      },
    },
    problem: undefined,
    ports: new Map([
      ['203.0.113.7:10001', 80],
      ['203.0.113.7:10002', 443],
    ]),
  };

  it('is of the connections to its own port', () => {
    expect(trialOf(end, 80)).toMatchObject({ outcome: blockedFate.fate, connections: 1, doubts: [] });
    expect(trialOf(end, 80).ends).toEqual({
      client: blockedFate.clientState,
      realserver: blockedFate.realserverState,
    });
    expect(trialOf(end, 443)).toMatchObject({ outcome: 'healthy', connections: 1 });
    expect(trialOf(end, 22)).toMatchObject({
      outcome: undefined,
      doubts: ['no connection to it has a fate that is known'],
    });
  });

  it('says why nothing is known of it', () => {
    expect(trialOf({ ...end, verdict: inconclusive }, 80)).toMatchObject({
      outcome: undefined,
      doubts: inconclusive.reasons,
    });
    expect(trialOf({ ...end, verdict: undefined, problem: 'no engine' }, 80).doubts).toEqual(['no engine']);
  });
});
