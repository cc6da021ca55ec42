import type { Node } from '../../engine/port/port.js';
import type { PlannedCommand } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import { shellQuote } from '../../support/quote.js';

/** Runs a planned command and resolves with its standard output. Rejects with its output when it fails. */
export async function runCommand(node: Node, command: PlannedCommand, seconds: number): Promise<string> {
  const result = await node.exec(command.argv, { seconds });
  if (result.exitCode === 0) return result.stdout;
  throw new LabError(
    `${node.shape.name} could not ${command.purpose}: exit code ${String(result.exitCode)}`,
    {
      details: `$ ${shellQuote(command.argv)}\n${result.stdout}${result.stderr}`.trimEnd(),
    },
  );
}

/** Combines commands into one that stops at the first failure. */
export function inOneShell(purpose: string, commands: readonly PlannedCommand[]): PlannedCommand {
  return { purpose, argv: ['sh', '-exc', commands.map(({ argv }) => shellQuote(argv)).join('\n')] };
}
