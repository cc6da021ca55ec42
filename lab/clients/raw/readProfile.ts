import { type FlowProfile, flowProfileSchema } from '../../../src/contracts/agents/flowProfile.js';
import { readOrder } from '../../../src/contracts/agents/readOrder.js';

/** The profile asks for what the agent does not do; the message says what, where and what was expected. */
export class RefusedProfile extends Error {}

/** Reads what the host wrote as the first line; undefined: it wrote none. Throws RefusedProfile for what is no profile. */
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
