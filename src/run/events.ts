import type { EngineEvent } from '../engine/events.js';
import type { Verdict } from '../verdict/types.js';

export type Stage = 'topology' | 'ready' | 'control' | 'rules' | 'measured' | 'judge' | 'cleanup';

/** All that happens, in the order it happens. Core emits these; renderers switch on them exhaustively. */
export type LabEvent =
  | EngineEvent
  | {
      readonly type: 'run-started';
      readonly runId: string;
      readonly directory: string;
      readonly scenarios: readonly string[];
    }
  | { readonly type: 'scenario-started'; readonly scenario: string; readonly title: string }
  | { readonly type: 'stage-started'; readonly scenario: string; readonly stage: Stage }
  | {
      readonly type: 'stage-finished';
      readonly scenario: string;
      readonly stage: Stage;
      readonly seconds: number;
    }
  | {
      readonly type: 'scenario-finished';
      readonly scenario: string;
      readonly verdict: Verdict;
      readonly directory: string;
      readonly seconds: number;
    }
  /** The lab broke during this scenario; there is no verdict. */
  | {
      readonly type: 'scenario-broke';
      readonly scenario: string;
      readonly error: Error;
      readonly directory: string;
      readonly seconds: number;
    }
  | { readonly type: 'cleanup-problem'; readonly what: string; readonly error: Error }
  | {
      readonly type: 'run-finished';
      readonly runId: string;
      readonly directory: string;
      readonly seconds: number;
    };

export type Emit = (event: LabEvent) => void;
