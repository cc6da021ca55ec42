import { command } from './commands/command.js';
import type { NamedRole } from '../model/nodesOf.js';
import type { ColdCommands, PlannedCommand } from '../model/planTypes.js';
import { ipvsCommands } from './setup/ipvsServices.js';
import type { Setting } from './setup/setting.js';

/** The commands that make a node forget what it learned in the control run, so that it meets the rules as after a restart. */
export function coolingOf(node: NamedRole, setting: Setting): ColdCommands {
  return {
    steps: [
      [cold('end', 'end what could still send')],
      // IPVS connections go with the services, which are put back.
      [cold('empty', 'forget connections and neighbours'), ...ipvsCommands(node, setting)],
      // What a neighbour was still asking when this node had forgotten it already.
      [cold('forget', 'forget neighbours once more')],
    ],
    look: cold('look', 'say what it still knows'),
  };
}

function cold(step: 'end' | 'empty' | 'forget' | 'look', purpose: string): PlannedCommand {
  return command(purpose, ['bash', '/lab/cold.sh', step]);
}
