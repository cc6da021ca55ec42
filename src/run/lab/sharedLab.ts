import type { Engine, Lab, Node } from '../../engine/port/port.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import { withDeadline } from '../../support/wait.js';
import { LoadAgent } from '../agents/loadAgent.js';
import { Recordings } from '../recording/recordings.js';

/** Seconds that creating a lab may take: under emulation, three at once take half a minute. */
const createSeconds = 300;
const markSeconds = 60;
const resetSeconds = 120;
const differencesShown = 6;

/** A lab that scenarios use one after the other, with what is known of it. */
export class SharedLab implements AsyncDisposable {
  /** For each control key, the directory of a control run on these nodes and the job that made it. */
  readonly controls = new Map<string, { readonly directory: string; readonly job: string }>();

  readonly recordings = new Recordings();

  private constructor(
    readonly lab: Lab,
    /** For each node's name, what `reset.sh mark` printed right after the node was created. */
    private readonly pristine: ReadonlyMap<string, string>,
    readonly agent: LoadAgent,
  ) {}

  /** Creates the lab and records the state of its nodes before anybody changes them. */
  static async create(engine: Engine, shape: LabShape): Promise<SharedLab> {
    const lab = await withDeadline(
      'the creation of networks and nodes',
      engine.createLab(shape),
      createSeconds,
    );
    try {
      const states = await Promise.all(
        lab.nodes.map(async (node) => {
          const state = await stateAfter(node, ['bash', '/lab/reset.sh', 'mark'], markSeconds);
          return [node.shape.name, state] as const;
        }),
      );
      const client = lab.nodes.find(({ role }) => role === 'client');
      if (client === undefined) throw new LabError(`the lab ${shape.key} has no client`);
      return new SharedLab(
        lab,
        new Map(states),
        await withDeadline('the start of the load agent', LoadAgent.start(client), markSeconds),
      );
    } catch (error) {
      await Promise.resolve(lab[Symbol.asyncDispose]()).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Puts every node back as it was created, and checks whether that worked. Resolves with the differences that remain, a line each;
   * undefined: there are none, and the next scenario may have the lab.
   */
  async reset(): Promise<string | undefined> {
    const left = await Promise.all(
      this.lab.nodes.map(async (node) => {
        const state = await stateAfter(node, ['bash', '/lab/reset.sh'], resetSeconds);
        return differences(this.pristine.get(node.shape.name) ?? '', state).map(
          (line) => `${node.shape.name}: ${line}`,
        );
      }),
    );
    const lines = left.flat();
    if (lines.length === 0) return undefined;
    const more =
      lines.length > differencesShown ? [`and ${String(lines.length - differencesShown)} more`] : [];
    return [...lines.slice(0, differencesShown), ...more].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]();
  }
}

async function stateAfter(node: Node, argv: readonly string[], seconds: number): Promise<string> {
  const result = await node.exec(argv, { seconds });
  if (result.exitCode === 0) return result.stdout;
  throw new LabError(`${node.shape.name} could not say what state it is in`, {
    details: `${result.stdout}${result.stderr}`.trim(),
  });
}

/** The lines that only one of two states has: `-` for missing and `+` for new ones, each with its part of the state. */
function differences(before: string, after: string): string[] {
  const one = linesOf(before);
  const other = linesOf(after);
  return [
    ...[...one].filter((line) => !other.has(line)).map((line) => `- ${line}`),
    ...[...other].filter((line) => !one.has(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(state: string): Set<string> {
  let part = '';
  const lines = new Set<string>();
  for (const line of state.split('\n')) {
    if (line.startsWith('## ')) part = line.slice(3);
    else if (line.trim() !== '') lines.add(`${part}: ${line}`);
  }
  return lines;
}
