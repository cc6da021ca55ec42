import { distinctFates } from '../../verdict/fates/distinctFates.js';
import type { PhaseFinding } from '../../verdict/model/types.js';
import { count } from '../text/format.js';

/** One line for each different fate: `6 connections close-blocked: Client LAST-ACK, realserver1 FIN-WAIT-2: ...`. */
export function fateLines({ connections }: Pick<PhaseFinding, 'connections'>): string[] {
  return distinctFates(connections).map(
    ({ fate, connections: n, because }) => `${count(n, 'connection')} ${fate}: ${because}`,
  );
}
