import type { EngineIdentity } from './port.js';

/** What an engine reports while it is being opened. */
export type EngineEvent =
  /** A step that takes a while, such as making the root or booting. `seconds` is set when it is over; `failed`: the process that did it ended before. */
  | {
      readonly type: 'engine-step';
      readonly step: string;
      readonly state: 'started' | 'finished' | 'failed';
      readonly seconds?: number;
    }
  | { readonly type: 'engine-note'; readonly message: string }
  | { readonly type: 'engine-ready'; readonly identity: EngineIdentity; readonly seconds: number };

export type EmitEngine = (event: EngineEvent) => void;
