import type { Phase } from '../../contracts/words/phases.js';
import type { EngineEvent } from '../../engine/port/engineEvents.js';
import type { FlowSecond } from '../../evidence/model/flowTypes.js';
import type { Verdict } from '../../verdict/model/verdict.js';

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
 * Scenarios that were selected without being named and are not run. `takes-minutes`: they have raw-socket load, and nobody said which
 * scenarios to run. `kernel-ports`: `--flows` is given, but they are about the kernel's local ports, which raw sockets do not have.
 */
export interface SkippedScenarios {
  readonly why: 'takes-minutes' | 'kernel-ports';
  /** The ids of the scenarios; at least one. */
  readonly scenarios: readonly string[];
}

/**
 * Everything that happens, in order. Concurrent scenarios are told apart by `scenario`, the job's name, and labs by `lab`. The core emits
 * these events; renderers handle every type.
 */
export type LabEvent =
  | EngineEvent
  | {
      readonly type: 'run-started';
      readonly runId: string;
      readonly directory: string;
      readonly scenarios: readonly string[];
      /** How many labs may exist at the same time. */
      readonly lanes: number;
    }
  | ({ readonly type: 'left-out' } & SkippedScenarios)
  /** Ids of scenarios that are about a flavour of iptables themselves: each runs once, as its file says, whatever was asked for. */
  | { readonly type: 'own-flavour'; readonly scenarios: readonly string[] }
  | { readonly type: 'lab-started'; readonly lab: string }
  | { readonly type: 'lab-ready'; readonly lab: string; readonly seconds: number }
  | { readonly type: 'lab-removed'; readonly lab: string; readonly seconds: number }
  /** Resetting a lab, or clearing it between control and measured run, left something behind, so that the next run gets a new lab. */
  | { readonly type: 'lab-replaced'; readonly lab: string; readonly why: string }
  | { readonly type: 'scenario-started'; readonly scenario: string; readonly title: string }
  | { readonly type: 'stage-started'; readonly scenario: string; readonly stage: Stage }
  | {
      readonly type: 'stage-finished';
      readonly scenario: string;
      readonly stage: Stage;
      readonly seconds: number;
    }
  /** The state of a raw-socket load, about once a second. */
  | {
      readonly type: 'flows';
      readonly scenario: string;
      readonly phase: Phase;
      /** How many flows are to be opened. */
      readonly requested: number;
      readonly second: FlowSecond;
    }
  /** The control run of an earlier scenario, with the same topology and load on the same nodes, is used for this scenario too. */
  | { readonly type: 'control-shared'; readonly scenario: string; readonly with: string }
  | {
      readonly type: 'scenario-finished';
      readonly scenario: string;
      readonly verdict: Verdict;
      readonly directory: string;
      readonly seconds: number;
    }
  /** The lab broke during this scenario, or its file was refused (a RulesError). There is no verdict. */
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
