import type { FlowProfile } from '../../../src/contracts/agents/flowProfile.js';
import { endingSignals } from '../../../src/contracts/words/processSignals.js';
import { performance } from 'node:perf_hooks';
import type { FlowReport } from '../../../src/evidence/model/flowTypes.js';
import { driveFlows, type PacketIo } from './driveFlows.js';
import { makeDatagramLoad } from './datagrams/datagramLoad.js';
import { makeFlowLoad } from './flowLoad.js';
import { refuseUnsafeProfile } from './refuseUnsafeProfile.js';
import { addressBytes, macBytes } from './io/addresses.js';
import { socketFilter } from './io/filter.js';
import { makeNeighbours } from './io/neighbours.js';
import { PacketSocket } from './io/packetSocket.js';
import { keptBytes, Receiver } from './io/receiver.js';
import { FrameSender } from './io/sender.js';
import { ownNamespace } from './namespace.js';
import { protocolUdp } from './packet/parseDatagram.js';
import { protocolTcp } from './packet/parseIcmp.js';
import { nextHopMac } from './nextHop.js';
import { HostMessages } from './hostMessages.js';
import { readProfile, RefusedProfile } from './readProfile.js';

/**
 * The raw load agent. Standard input: a FlowProfile as one line of JSON, then `.` every few seconds, and `stop`. Standard
 * output: a FlowSecond a line, and last `{"report": FlowReport}`. Says `@@ connected` and `@@ opened` on standard error. Resolves with its exit
 * code: 0 with a report, 5 for a profile that it refuses.
 */
async function main(): Promise<number> {
  const hostMessages = new HostMessages(process.stdin);
  process.stdout.on('error', () => {
    hostMessages.lose();
  });
  for (const signal of endingSignals) {
    process.on(signal, () => {
      hostMessages.stop();
    });
  }
  try {
    const profile = readProfile(await hostMessages.profile);
    refuseUnsafeProfile(profile, ownNamespace());
    const report = await runLoad(profile, hostMessages);
    print({ report });
    return 0;
  } catch (error) {
    if (!(error instanceof RefusedProfile)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 5;
  } finally {
    process.stdin.destroy();
  }
}

async function runLoad(profile: FlowProfile, hostMessages: HostMessages): Promise<FlowReport> {
  const own = macBytes(profile.mac);
  const deadline = performance.now() + profile.deadline * 1000;
  using socket = openSocket(profile);
  const sender = new FrameSender(socket);
  const neighbours = makeNeighbours({ ...profile, mac: own, outbox: sender });
  const wires: PacketIo = { socket, sender, receiver: new Receiver(socket), neighbours };
  const macs = { own, nextHop: await nextHopMac(wires, profile.nextHop, hostMessages) };
  const { datagrams } = profile.flows;
  const options = { profile, outbox: sender, macs, now: performance.now(), at: Date.now() / 1000 };
  const load = datagrams === undefined ? makeFlowLoad(options) : makeDatagramLoad(options, datagrams);
  const ended = await driveFlows({
    ...wires,
    load,
    hostMessages,
    deadline,
    second: print,
    connected: () => {
      process.stderr.write('@@ connected\n');
    },
    opened: () => {
      process.stderr.write('@@ opened\n');
    },
  });
  const counts = { sendErrors: sender.errors, receiveDrops: socket.receiveDrops() };
  return load.finish(performance.now(), Date.now() / 1000, ended, counts);
}

function openSocket({ device, family, sources, vip, ports, flows }: FlowProfile): PacketSocket {
  const filter = socketFilter({
    family,
    protocol: flows.datagrams === undefined ? protocolTcp : protocolUdp,
    sources: sources.map(addressBytes),
    vip: addressBytes(vip),
    ports,
    keep: keptBytes,
  });
  return new PacketSocket({ device, filter, multicast: family === 'ipv6' });
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
