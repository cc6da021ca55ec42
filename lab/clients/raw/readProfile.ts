import { type FlowProfile, flowProfileSchema } from '../../../src/contracts/agents/flowProfile.js';
import { readOrder } from '../../../src/contracts/agents/readOrder.js';

/** The profile is invalid or asks for something that the agent does not do; the message says what, where, and what was expected. */
export class RefusedProfile extends Error {}

/** Reads the first line that the host wrote; undefined: it wrote none. Throws RefusedProfile when it is no valid profile. */
export function readProfile(line: string | undefined): FlowProfile {
  if (line === undefined) {
    throw new RefusedProfile('expected a load profile on standard input, found its end');
  }
  try {
    return readOrder(flowProfileSchema, line);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RefusedProfile(`the load profile was refused: ${why}`, { cause });
  }
}
