import type { Node } from '../engine/port.js';
import type { PlannedRules } from '../scenario/planTypes.js';
import { LabError } from '../support/errors.js';

const loadSeconds = 120;

/** The program or its kernel modules are missing: nothing that another rule would mend. */
const missing =
  /executable file not found|do you need to insmod|can't initialize iptables|Could not fetch rule set/m;
const noProgram = /: command not found$/m;

/** Whether what a tool said when it refused something is the lab's fault; a command may call a program that nobody has. */
export function isLabsFault(said: string, isCommand: boolean): boolean {
  return missing.test(said) || (!isCommand && noProgram.test(said));
}

/** Loads rules and sysctls into one node; what the tools refuse is the scenario file's fault, and the error shows the line. */
export async function loadNodeRules(node: Node, rules: PlannedRules): Promise<void> {
  const result = await node.exec(rules.load.argv, { seconds: loadSeconds });
  if (result.exitCode === 0) return;
  const said = `${result.stdout}${result.stderr}`.trim();
  const step =
    said
      .match(/^@@ step \S+$/gm)
      ?.at(-1)
      ?.slice('@@ step '.length) ?? 'its rules';
  const details = said.replace(/^@@ step \S+\n?/gm, '').trim();
  if (isLabsFault(details, step.startsWith('commands'))) {
    throw new LabError(`${node.shape.name} cannot load any rules (${step})`, { details });
  }
  throw refused(node, { step, details, rules });
}

function refused(
  node: Node,
  { step, details, rules }: { readonly step: string; readonly details: string; readonly rules: PlannedRules },
): RulesError {
  const [text = '', commandNumber] = step.split(':');
  const number = Number(
    commandNumber ?? /line:? (\d+)|:(\d+):\d+-\d+: Error/i.exec(details)?.slice(1).find(Boolean),
  );
  const line = rules.texts[text]?.split('\n')[number - 1];
  const shown = line === undefined ? '' : `\n  line ${String(number)} of the ${text}: ${line}`;
  return new RulesError(`${node.shape.name} refused the scenario's ${text}`, {
    details: `${details}${shown}`,
    hint: `correct \`${text}\` of the ${node.role} in the scenario file`,
  });
}

/** The scenario's rules or sysctls are not what the tools accept: the file is wrong, not the lab. */
export class RulesError extends LabError {
  override readonly exitCode = 5;
}
