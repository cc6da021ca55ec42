import type { EngineIdentity } from './port.js';

/** What an engine reports while it is being opened. */
export type EngineEvent =
  /** Something that takes a while: making the root, booting ... `seconds` is set when it is over; `failed`: whoever was at it is gone. */
  | {
      readonly type: 'engine-step';
      readonly step: string;
      readonly state: 'started' | 'finished' | 'failed';
      readonly seconds?: number;
    }
  | { readonly type: 'engine-note'; readonly message: string }
  | { readonly type: 'engine-ready'; readonly identity: EngineIdentity; readonly seconds: number };

export type EmitEngine = (event: EngineEvent) => void;
