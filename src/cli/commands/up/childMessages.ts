import type { LabEvent } from '../../../run/model/labEvents.js';
import type { HeldLab } from './heldLab.js';

/** Messages of the process that holds a lab to the one that started it, until the lab is up or has failed to come up. */
export type HolderMessage =
  | { readonly kind: 'event'; readonly event: LabEvent }
  | { readonly kind: 'ready'; readonly held: HeldLab }
  /** `text`: the error as the user is to see it. */
  | { readonly kind: 'failed'; readonly text: string; readonly exitCode: number };
