import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The lowest port that the agent hands out. It is below those that the kernel hands out in a new network namespace (32768 to 60999,
 * ip_local_port_range): the readiness probe's connections use these, and what they leave in TIME-WAIT and in IPVS must not meet the load's.
 */
const lowest = 10_000;
const highest = 32_767;
const span = highest - lowest + 1;
/** Ports in use by somebody else are skipped, so a run may take a few more than it asked for. */
const spare = 256;
/** How many ports a client tries for one connection. */
export const attemptsAtPorts = 64;

/**
 * Hands out local ports in sequence. The agent chooses them itself because Node does not tell the local port of a connect()
 * that failed, and the judge must account for that connection too.
 */
export class LocalPorts {
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  take(): number {
    const port = this.#next;
    this.#next = following(port, 1);
    return port;
  }
}

/**
 * Reserves `count` ports that no earlier agent in this container has used: a control run's sockets linger in TIME-WAIT, and its
 * entries in IPVS, for minutes, and must not meet the measured run's. The first agent starts at a random port.
 */
export function reserveLocalPorts(count: number, file = join(tmpdir(), 'lvs-lab-next-port')): LocalPorts {
  const first = remembered(file) ?? lowest + Math.floor(Math.random() * span);
  writeFileSync(file, String(following(first, count + spare)));
  return new LocalPorts(first);
}

function following(port: number, count: number): number {
  return lowest + ((port - lowest + count) % span);
}

function remembered(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const port = Number(text);
  return Number.isInteger(port) && port >= lowest && port <= highest ? port : undefined;
}
