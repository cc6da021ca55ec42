import { measure } from '../measured.mjs';
import { outcomeOf } from '../outcome.mjs';
import { following } from '../addresses.mjs';
import { putBundle } from './agentFiles.mjs';
import { ownMac } from './ownMac.mjs';

/** @import { Place, Outcome } from '../place.mjs' */
/** @import { Work } from '../work.mjs' */
/** @import { FlowProfile } from '../../src/contracts/agents/flowProfile.js' */
/** @import { FlowReport } from '../../src/evidence/model/flowTypes.js' */

/**
 * The raw load agent, with the conversation `server-first`.
 * @param {Place} place @param {Work} work @returns {Promise<Outcome>}
 */
export async function agent(place, { connections, concurrency, scratch }) {
  const script = await putBundle(place, scratch, 'lab/clients/raw');
  const profile = profileOf(place, await ownMac(place), connections, concurrency);
  /** @type {{ report?: FlowReport }} */
  const found = {};
  /** @type {(text: string) => void} */
  let write = () => undefined;
  const heartbeat = setInterval(() => {
    write('.\n');
  }, 2000);
  const { measured, output } = await measure(place, ['node', script], {
    begin: (toAgent) => {
      write = toAgent;
      write(`${JSON.stringify(profile)}\n`);
    },
    line: (line) => {
      if (line === '@@ opened') write('stop\n');
      if (line.startsWith('{"report"')) Object.assign(found, JSON.parse(line));
    },
  }).finally(() => {
    clearInterval(heartbeat);
  });
  const { report } = found;
  if (report === undefined) throw new Error(`the agent came to no report:\n${output}`);
  const seconds = report.finishedAt - report.startedAt;
  const remarks = Object.entries(report.fates)
    .filter(([fate, flows]) => fate !== 'closed' && flows > 0)
    .map(([fate, flows]) => `${flows} ${fate}`);
  if (report.retransmitted > 0) remarks.push(`${report.retransmitted} segments sent again`);
  if (report.receiveDrops > 0) remarks.push(`${report.receiveDrops} frames dropped at the socket`);
  const { closed, sent, received } = report;
  return outcomeOf('agent', 'conversations', measured, {
    connections: closed,
    seconds,
    sent,
    received,
    remarks,
  });
}

/**
 * @param {Place} place @param {string} mac @param {number} count @param {number} concurrency
 * @returns {FlowProfile}
 */
function profileOf({ target }, mac, count, concurrency) {
  return {
    flows: {
      count,
      rate: 100_000,
      ramp: 0,
      concurrency,
      sources: target.sources,
      seed: 1,
      retries: { open: 5, data: 8, close: 8 },
      mix: [
        {
          weight: 1,
          conversation: {
            name: 'server-first',
            steps: [
              { do: 'open' },
              { do: 'send', then: 'close', upload: 0, download: 0, rate: 0 },
              { do: 'expect', what: 'reply' },
              { do: 'expect', what: 'fin' },
              { do: 'close', how: 'fin', ack: 'apart' },
            ],
          },
        },
      ],
    },
    family: 'ipv4',
    vip: target.vip,
    ports: [target.port],
    device: target.device,
    address: target.address,
    nextHop: target.nextHop,
    sources: following(target.firstSource, target.sources),
    networks: target.networks,
    gateways: [],
    mac,
    firstFlow: 0,
    mss: 1448,
    deadline: 600,
  };
}
