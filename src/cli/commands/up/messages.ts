import type { LabEvent } from '../../../run/model/labEvents.js';
import type { HeldLab } from './howToLook.js';

/** What the process that holds a lab tells the one that started it, until the lab is up or has failed to come up. */
export type HolderMessage =
  | { readonly kind: 'event'; readonly event: LabEvent }
  | { readonly kind: 'ready'; readonly held: HeldLab }
  /** `text`: the error as it is to be shown. */
  | { readonly kind: 'failed'; readonly text: string; readonly exitCode: number };
