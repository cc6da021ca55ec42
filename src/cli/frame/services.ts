import type { ChildProcess } from 'node:child_process';
import type { Requirement } from '../../engine/host/diagnose.js';
import type { ListedImage } from '../../engine/imageSets/listImages.js';
import type { AddRequest, KernelInfo } from '../../engine/kernel/kernels.js';
import type { OpenOptions } from '../../engine/open.js';
import type { ToolSet } from '../../engine/toolSets/toolSet.js';
import type { AskedTool } from '../../engine/toolSets/toolStore.js';
import type { EmitEngine } from '../../engine/port/engineEvents.js';
import type { Engine } from '../../engine/port/port.js';
import type { MeasuredRun, RunTimes } from '../../matrix/estimate/runTimes.js';
import type { ChildEnd, ChildRequest } from '../../matrix/run/child.js';
import type { Emit } from '../../run/model/labEvents.js';
import type { ReadyLabs } from '../../run/lab/readyLabs.js';
import type { PlannedLab } from '../../run/lab/plannedLab.js';
import type { BringUpRequest } from '../../run/stages/bringUpLab.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { RunScenariosOptions } from '../../run/schedule/runScenarios.js';

/** How to open an engine, and who is told of events while it is open. */
export type OpenRequest = OpenOptions & { readonly emit: Emit };

/** Where long work reports progress, and the signal that stops it. */
export interface ProgressAndSignal {
  readonly emit: EmitEngine;
  readonly signal: AbortSignal;
}

/** The kernels that `--kernel NAME` boots. Each method rejects with a UsageError for a name or kernel that it refuses. */
export interface KernelServices {
  add(request: AddRequest, progress: ProgressAndSignal): Promise<KernelInfo>;
  list(): Promise<readonly KernelInfo[]>;
  /** Describes a kernel by its name or by any other reference that `--kernel` takes; one of the latter is fetched first. */
  info(reference: string, progress: ProgressAndSignal): Promise<KernelInfo>;
  remove(name: string): Promise<void>;
}

/** The images that `--image` takes. */
export interface ImageServices {
  list(): Promise<readonly ListedImage[]>;
  /** Writes the images of all roles into a file. */
  save(image: string, file: string, progress: ProgressAndSignal): Promise<void>;
  /** Loads a file that `save` wrote, and tells which `--image` uses it from now on. */
  load(file: string, progress: ProgressAndSignal): Promise<{ readonly image: string }>;
}

/** Unreleased packages and programs that are put into images. */
export interface ToolServices {
  /** Keeps files under a name, or one made of them. */
  add(name: string | undefined, files: readonly AskedTool[]): Promise<ToolSet>;
  list(): Promise<readonly ToolSet[]>;
  remove(name: string): Promise<void>;
}

/** How long jobs took on this machine. */
export interface TimeServices {
  read(): Promise<RunTimes>;
  add(run: MeasuredRun): Promise<void>;
}

/** Everything that has effects outside this process. The entry point passes the real ones, and tests their own. */
export interface Services {
  readonly version: string;
  openEngine(request: OpenRequest): Promise<Engine>;
  runScenarios(request: RunScenariosOptions): Promise<readonly ScenarioResult[]>;
  /** Labs for runs that follow each other; the next one can be made ahead. `report` gets the errors of labs that could not be removed. */
  readyLabs(request: {
    readonly engine: Engine;
    readonly runId: string;
    readonly report: (what: string, error: Error) => void;
  }): Promise<Pick<ReadyLabs, 'make' | 'prepare'> & AsyncDisposable>;
  /** Brings a scenario's lab up, proves that packets get through, and loads the scenario's rules. */
  bringUpLab(request: BringUpRequest): Promise<PlannedLab>;
  /** Lets `shell` and `down` find a lab until the signal aborts; `findable` is called as soon as they can. */
  holdSession(request: {
    readonly lab: PlannedLab;
    readonly signal: AbortSignal;
    readonly findable: () => void;
  }): Promise<void>;
  /** Runs argv, or a shell, in a node of the held lab, connected to this terminal; resolves with the exit code. */
  openShell(request: {
    readonly runId: string | undefined;
    readonly node: string;
    readonly argv: readonly string[];
  }): Promise<number>;
  /** Takes the held lab down and tells which one it was. */
  stopSession(runId: string | undefined): Promise<{ readonly scenario: string; readonly runId: string }>;
  diagnose(request: { readonly engine: OpenRequest['engine'] }): Promise<readonly Requirement[]>;
  installMissing(requirements: readonly Requirement[], emit: Emit): Promise<void>;
  /** Removes what killed runs left behind, and returns its names. */
  sweepLeftovers(emit: Emit): Promise<readonly string[]>;
  /** Removes the cache, and returns what was in it. */
  sweepCache(): Promise<readonly string[]>;
  readonly kernels: KernelServices;
  readonly images: ImageServices;
  readonly tools: ToolServices;
  readonly times: TimeServices;
  /** Runs this program in a child process until that ends. */
  runChild(request: ChildRequest): Promise<ChildEnd>;
  /** Opens a file in the browser of this desktop. */
  openInBrowser(file: string): Promise<void>;
  /** Starts this program again, detached, with an IPC channel; its output goes to `logFile`. */
  startDetached(argv: readonly string[], logFile: string): ChildProcess;
}
