import type { Outcome } from '../../contracts/words/outcomes.js';
import type { ConnectionFate } from '../model/verdict.js';

/** A fate that several connections have in common, down to the observations that decide it. */
export interface DistinctFate {
  readonly fate: Outcome | 'unexplained';
  readonly connections: number;
  /** The sentence that explains it, without what tells one connection from the other. */
  readonly because: string;
}

/**
 * Each different fate once, the most frequent first. Addresses and ports are left out, and so are the realservers' names where several had
 * connections of one fate. Healthy connections differ in nothing but in what the sampler happened to see of their ends, which is left out too.
 */
export function distinctFates(connections: readonly ConnectionFate[]): DistinctFate[] {
  const groups = new Map<string, { fate: DistinctFate['fate']; sentences: Map<string, number> }>();
  for (const connection of connections) {
    const { fate, realserver } = connection;
    const sentence = withoutAddresses(connection);
    const folded = realserver === undefined ? sentence : replaceName(sentence, realserver, 'realserver');
    const key = `${fate} ${folded}`;
    const group = groups.get(key) ?? { fate, sentences: new Map<string, number>() };
    group.sentences.set(sentence, (group.sentences.get(sentence) ?? 0) + 1);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, { fate, sentences }]) => {
      const [only] = sentences.keys();
      return {
        fate,
        connections: [...sentences.values()].reduce((sum, n) => sum + n, 0),
        because: sentences.size === 1 && only !== undefined ? only : key.slice(fate.length + 1),
      };
    })
    .sort((one, other) => other.connections - one.connections);
}

const ipv4End = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g;
const ipv6End = /\[[0-9a-f:]+\](?::\d+)?/gi;

function withoutAddresses({ fate, client, because }: ConnectionFate): string {
  const plain = because
    .replaceAll(client, 'the client')
    .replace(ipv4End, 'an address')
    .replace(ipv6End, 'an address')
    // Whose address it is has been said before it: `came from realserver1's own address, 10.0.0.4:80, and was reset`.
    .replaceAll(', an address, ', ' ');
  return fate === 'healthy' ? plain.replace(/^Client [^:]*: /, '') : plain;
}

/** As a word: `realserver1` is no part of `realserver10`. */
function replaceName(text: string, name: string, by: string): string {
  return text
    .split(/\b/)
    .map((word) => (word === name ? by : word))
    .join('');
}
