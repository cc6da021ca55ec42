import { EvidenceError } from '../text/error.js';

/** What a block may contain. All kinds but the first two occur under raw-socket loads only. */
const kinds = ['ss', 'ipvs', 'tally', 'ipvs-tally', 'links', 'queues', 'softnet', 'ipvs-stats'] as const;

/** One complete block of a sampler's output. */
export interface SampleBlock {
  readonly kind: (typeof kinds)[number];
  /** When the block's command was started: seconds since the epoch, by the node's clock. */
  readonly time: number;
  /** When the command had printed everything; on a slow machine that may be a second later. */
  readonly until: number;
  readonly text: string;
}

type Header = Omit<SampleBlock, 'text'>;

/** Cuts a sampler's output into blocks as it arrives, in chunks of any size. A block that never ends is never returned. */
export class SampleSplitter {
  #rest = '';
  /** The last listing of sockets, which `@@ same` repeats. */
  #sockets: string | undefined;
  #open: (Header & { readonly lines: string[] }) | undefined;

  /** Takes the next chunk and returns the blocks that it completes. Throws EvidenceError for a `@@` line that is no header. */
  push(chunk: string | Uint8Array): SampleBlock[] {
    // The output is ASCII, so a chunk border cannot split a character.
    const text = this.#rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1'));
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): SampleBlock[] {
    if (!line.startsWith('@@')) {
      this.#open?.lines.push(line);
      return [];
    }
    const block = this.#open;
    const same = /^@@ same (\d+(?:\.\d+)?)$/.exec(line);
    if (same !== null && this.#sockets !== undefined) {
      const time = Number(same[1]);
      return [{ kind: 'ss', time, until: time, text: this.#sockets }];
    }
    if (line !== '@@ end') {
      this.#open = { ...parseHeader(line), lines: [] };
      return [];
    }
    this.#open = undefined;
    if (block === undefined) return [];
    const text = block.lines.join('\n');
    if (block.kind === 'ss') this.#sockets = text;
    return [{ kind: block.kind, time: block.time, until: block.until, text }];
  }
}

/** The complete blocks of a `.samples` file. */
export function splitSamples(text: string): SampleBlock[] {
  return new SampleSplitter().push(text);
}

function parseHeader(line: string): Header {
  const [, name, time, until = time] = /^@@ (\S+) (\d+(?:\.\d+)?)(?: (\d+(?:\.\d+)?))?$/.exec(line) ?? [];
  const kind = kinds.find((one) => one === name);
  if (kind === undefined) {
    const known = kinds.map((one) => `"@@ ${one} TIME"`).join(', ');
    throw new EvidenceError(
      `Expected ${known} or "@@ end" in a sampler's output, found ${JSON.stringify(line)}.`,
    );
  }
  return { kind, time: Number(time), until: Number(until) };
}
