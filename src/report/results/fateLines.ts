import { distinctFates } from '../../verdict/fates/distinctFates.js';
import type { PhaseFinding } from '../../verdict/model/verdict.js';
import { countText } from '../text/countText.js';

/** One line for each different fate: `6 connections close-blocked: Client LAST-ACK, realserver1 FIN-WAIT-2: ...`. */
export function fateLines({ connections }: Pick<PhaseFinding, 'connections'>): string[] {
  return distinctFates(connections).map(
    ({ fate, connections: n, because }) => `${countText(n, 'connection')} ${fate}: ${because}`,
  );
}
