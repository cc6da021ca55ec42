import type { ChildProcess } from 'node:child_process';
import type { Finding } from '../engine/doctor.js';
import type { Engine, Lab } from '../engine/port.js';
import type { Emit } from '../run/events.js';
import type { ScenarioResult } from '../run/result.js';
import type { Outcome } from '../scenario/expectation.js';
import type { Scenario } from '../scenario/types.js';

/** How to open an engine; an undefined kernel is the default one. */
export interface OpenRequest {
  readonly engine: 'auto' | 'local' | 'vm';
  readonly kernel: string | undefined;
  readonly accel: 'auto' | 'kvm' | 'tcg';
  readonly base: string;
  readonly runId: string;
  readonly runDirectory: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What to run on an open engine. */
export interface RunRequest {
  readonly engine: Engine;
  readonly scenarios: readonly Scenario[];
  /** The run's directory. */
  readonly out: string;
  readonly runId: string;
  readonly expect: Outcome | undefined;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Called with each scenario's lab before it is removed. */
  readonly hold?: (lab: Lab) => Promise<void>;
}

/** A lab to bring up and leave alone. */
export interface RaiseRequest {
  readonly engine: Engine;
  readonly scenario: Scenario;
  readonly runId: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Everything with effects outside this process; tests bring their own, and the entry point the real ones. */
export interface Services {
  readonly version: string;
  openEngine(request: OpenRequest): Promise<Engine>;
  runScenarios(request: RunRequest): Promise<readonly ScenarioResult[]>;
  /** Brings a scenario's lab up, proves that it works and loads its rules. */
  raiseLab(request: RaiseRequest): Promise<Lab>;
  /** Lets `shell` and `down` find a lab until the signal aborts; `findable` is called when they do. */
  holdSession(request: {
    readonly engine: Engine;
    readonly lab: Lab;
    readonly signal: AbortSignal;
    readonly findable: () => void;
  }): Promise<void>;
  /** Runs argv, or a shell, in a node of the held lab with this terminal; gives the exit code. */
  openShell(request: {
    readonly runId: string | undefined;
    readonly node: string;
    readonly argv: readonly string[];
  }): Promise<number>;
  /** Has the held lab taken down and says which it was. */
  stopSession(runId: string | undefined): Promise<{ readonly scenario: string; readonly runId: string }>;
  diagnose(request: { readonly engine: OpenRequest['engine'] }): Promise<readonly Finding[]>;
  installMissing(findings: readonly Finding[], emit: Emit): Promise<void>;
  /** Removes what killed runs left behind and says what that was. */
  sweepLeftovers(emit: Emit): Promise<readonly string[]>;
  /** Removes the cache and says what was in it. */
  sweepCache(): Promise<readonly string[]>;
  /** Starts this program again, detached, with an IPC channel; its output goes to `logFile`. */
  startDetached(argv: readonly string[], logFile: string): ChildProcess;
}
