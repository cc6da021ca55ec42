import type { ChildProcess } from 'node:child_process';
import type { Requirement } from '../../engine/host/doctor.js';
import type { ListedImage } from '../../engine/imageSets/listImages.js';
import type { AddRequest, KernelInfo } from '../../engine/kernel/kernels.js';
import type { OpenOptions } from '../../engine/open.js';
import type { EmitEngine } from '../../engine/port/engineEvents.js';
import type { Engine } from '../../engine/port/port.js';
import type { ChildEnd, ChildRequest } from '../../matrix/run/child.js';
import type { Emit } from '../../run/model/labEvents.js';
import type { PlannedLab } from '../../run/lab/plannedLab.js';
import type { RaiseRequest } from '../../run/stages/raiseLab.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { RunOptions } from '../../run/schedule/runScenarios.js';

/** How to open an engine, and where everything that happens while it is open is told. */
export type OpenRequest = OpenOptions & { readonly emit: Emit };

/** Where long work reports progress, and the signal that stops it. */
export interface Telling {
  readonly emit: EmitEngine;
  readonly signal: AbortSignal;
}

/** The kernels that `--kernel NAME` boots. Those that are refused reject with a UsageError. */
export interface KernelServices {
  add(request: AddRequest, telling: Telling): Promise<KernelInfo>;
  list(): Promise<readonly KernelInfo[]>;
  /** What is known of a kernel by its name, or by what else `--kernel` takes; that is fetched for it. */
  info(reference: string, telling: Telling): Promise<KernelInfo>;
  remove(name: string): Promise<void>;
}

/** The images that `--image` takes. */
export interface ImageServices {
  list(): Promise<readonly ListedImage[]>;
  /** Writes the images of all roles into a file. */
  save(image: string, file: string, telling: Telling): Promise<void>;
  /** Takes in what `save` wrote, and says which image it is used for. */
  load(file: string, telling: Telling): Promise<{ readonly image: string }>;
}

/** Everything with effects outside this process; tests bring their own, and the entry point the real ones. */
export interface Services {
  readonly version: string;
  openEngine(request: OpenRequest): Promise<Engine>;
  runScenarios(request: RunOptions): Promise<readonly ScenarioResult[]>;
  /** Brings a scenario's lab up, proves that it works and loads its rules. */
  raiseLab(request: RaiseRequest): Promise<PlannedLab>;
  /** Lets `shell` and `down` find a lab until the signal aborts; `findable` is called when they do. */
  holdSession(request: {
    readonly engine: Engine;
    readonly lab: PlannedLab;
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
  diagnose(request: { readonly engine: OpenRequest['engine'] }): Promise<readonly Requirement[]>;
  installMissing(requirements: readonly Requirement[], emit: Emit): Promise<void>;
  /** Removes what killed runs left behind and says what that was. */
  sweepLeftovers(emit: Emit): Promise<readonly string[]>;
  /** Removes the cache and says what was in it. */
  sweepCache(): Promise<readonly string[]>;
  readonly kernels: KernelServices;
  readonly images: ImageServices;
  /** Runs this program in a process of its own, to its end. */
  runChild(request: ChildRequest): Promise<ChildEnd>;
  /** Starts this program again, detached, with an IPC channel; its output goes to `logFile`. */
  startDetached(argv: readonly string[], logFile: string): ChildProcess;
}
