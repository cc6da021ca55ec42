import type { EngineIdentity } from '../../engine/port/engineIdentity.js';

/** An engine in one line: its kind, its kernel, and why it was chosen. */
export function engineText(identity: EngineIdentity): string {
  const accelerator = identity.accelerator === undefined ? '' : ` under ${identity.accelerator}`;
  return `${identity.kind} engine${accelerator}, Docker ${identity.dockerVersion}, kernel ${identity.kernel} (${identity.reason})`;
}
