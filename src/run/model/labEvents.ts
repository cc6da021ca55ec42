import type { Phase } from '../../contracts/words/phases.js';
import type { EngineEvent } from '../../engine/port/engineEvents.js';
import type { FlowSecond } from '../../evidence/model/flowTypes.js';
import type { Verdict } from '../../verdict/model/types.js';

export type Stage =
  | 'topology'
  | 'configure'
  | 'ready'
  | 'control'
  | 'cold'
  | 'rules'
  | 'measured'
  | 'judge'
  | 'trace'
  | 'reset';

/**
 * Scenarios that a selection took in without naming them, and that are not run.
 *
 * - `takes-minutes`: they have raw-socket load, and nobody said which scenarios to run.
 * - `kernel-ports`: `--flows` is given, and they are about the kernel's local ports, which raw sockets do not have.
 */
export interface LeftOut {
  readonly why: 'takes-minutes' | 'kernel-ports';
  /** Their ids; one or more. */
  readonly scenarios: readonly string[];
}

/**
 * All that happens, in the order it happens; several scenarios at once are told apart by `scenario`, the job's name, and labs by
 * `lab`. Core emits these; renderers switch on them exhaustively.
 */
export type LabEvent =
  | EngineEvent
  | {
      readonly type: 'run-started';
      readonly runId: string;
      readonly directory: string;
      readonly scenarios: readonly string[];
      /** How many labs there may be at a time. */
      readonly lanes: number;
    }
  | ({ readonly type: 'left-out' } & LeftOut)
  /** Ids of scenarios that are about a flavour of iptables themselves: each is run once, as its file says, whatever was asked for. */
  | { readonly type: 'own-flavour'; readonly scenarios: readonly string[] }
  | { readonly type: 'lab-started'; readonly lab: string }
  | { readonly type: 'lab-ready'; readonly lab: string; readonly seconds: number }
  | { readonly type: 'lab-removed'; readonly lab: string; readonly seconds: number }
  /** A reset, or emptying between control and measured run, left something behind, so what comes next gets a fresh lab. */
  | { readonly type: 'lab-replaced'; readonly lab: string; readonly why: string }
  | { readonly type: 'scenario-started'; readonly scenario: string; readonly title: string }
  | { readonly type: 'stage-started'; readonly scenario: string; readonly stage: Stage }
  | {
      readonly type: 'stage-finished';
      readonly scenario: string;
      readonly stage: Stage;
      readonly seconds: number;
    }
  /** About once a second while a raw-socket load runs. */
  | {
      readonly type: 'flows';
      readonly scenario: string;
      readonly phase: Phase;
      /** How many are to be opened. */
      readonly requested: number;
      readonly second: FlowSecond;
    }
  /** The control run of an earlier scenario on the same nodes, with the same topology and load, counts for this one too. */
  | { readonly type: 'control-shared'; readonly scenario: string; readonly with: string }
  | {
      readonly type: 'scenario-finished';
      readonly scenario: string;
      readonly verdict: Verdict;
      readonly directory: string;
      readonly seconds: number;
    }
  /** The lab broke during this scenario, or its file was refused (a RulesError); there is no verdict. */
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
