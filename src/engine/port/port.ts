import type { Protocol } from '../../contracts/words/network.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Readable, Writable } from 'node:stream';
import type { LabShape, NodeShape } from '../../scenario/model/planTypes.js';
import type { TriedStep } from '../../scenario/plan/triedSteps.js';
import type { Pace } from '../../support/patience.js';
import type { DockerConnection } from './dockerConnection.js';
import type { EngineIdentity } from './engineIdentity.js';
import type { EngineVersions } from './engineVersions.js';

/** A finished command's output. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command to its end; `seconds` is how long it may take. */
export interface ExecOptions {
  readonly seconds: number;
  /** Text for the command's standard input, of any length, without a NUL. */
  readonly input?: string;
}

/** A command still running in a node. */
export interface RunningCommand {
  /** The command's standard input; left out unless it was asked for. */
  readonly stdin?: Writable;
  readonly stdout: Readable;
  /** What the command has written to standard error so far; complete after `done`. */
  readonly stderr: () => string;
  /** Resolves with the exit code when both streams have ended. */
  readonly done: Promise<number>;
}

/** A started container. */
export interface Node {
  readonly shape: NodeShape;
  readonly role: Role;
  /** The MAC addresses of its interfaces, in their order, lower case with colons. */
  readonly macs: readonly string[];
  /** How fast what runs in it works at present. */
  readonly pace: Pace;
  /** Runs argv to its end. Rejects with LabError when `seconds` pass or the engine fails; a non-zero exit code does not reject. */
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** What `lab/node/versions.sh` prints of a node as it was created; `seconds` is how long it may take. */
  versions(seconds: number): Promise<ExecResult>;
  /** Starts argv and streams its output; with `stdin` its standard input can be written to. */
  start(argv: readonly string[], options?: { readonly stdin: boolean }): Promise<RunningCommand>;
}

/** What `lab/node/try-rules.sh` needs to know of a step. */
export type RuleStep = Pick<TriedStep, 'kind' | 'text'>;

/** An address range of a network on the engine. */
export interface EngineNetwork {
  /** The range as CIDR. */
  readonly subnet: string;
  /** The engine's own address on the bridge, if it has one. */
  readonly gateway: string | undefined;
}

/** Evidence that belongs to the state a lab begins with, because it would be the same in every lab that begins with it. */
export interface KeptEvidence {
  /** Copies what was kept under this key into a new folder. Resolves with whether there was anything. */
  copy(key: string, into: string): Promise<boolean>;
  /** Keeps a copy of the plain files in a folder. */
  keep(key: string, folder: string): Promise<void>;
}

/** Which functions of the engine's kernel to follow, beside those of connection tracking, and for how many seconds at most. */
export interface KernelRequest {
  readonly seconds: number;
  /** What the clients speak. */
  readonly protocol: Protocol;
  /** By which IPVS sends packets on. */
  readonly functions: readonly string[];
}

/** Networks and containers of one shape, in which nobody has sent a packet yet; disposing of it removes them. */
export interface Lab extends AsyncDisposable {
  readonly shape: LabShape;
  readonly nodes: readonly Node[];
  /** How another process of this user reaches the engine that the lab is on. */
  readonly connection: DockerConnection;
  /**
   * For each node's name, what it knew when the lab was made, a line each: neighbours, routes, connections and the like, which nodes have from
   * packets only. Nodes that knew nothing are left out.
   */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Seconds in which it waited for what all labs of its shape begin with to be made; a later run finds that made. 0: nothing is kept. */
  readonly preparationSeconds: number;
  /** Undefined where two labs may begin differently. */
  readonly kept: KeptEvidence | undefined;
  /** The lab's networks as the engine describes them now. Rejects with LabError when one of them leads out of the engine. */
  networks(): Promise<readonly EngineNetwork[]>;
  /** What the lab is made of. Rejects with what the client library says when the engine cannot tell. */
  versions(): Promise<EngineVersions>;
  /** The packet filter of the engine's own network namespace, as `nft list ruleset` prints it, because it could meddle with labs. Changes nothing. */
  hostRules(): Promise<string>;
  /**
   * Starts `lab/probes/kernel.sh`, which follows packets through functions of the engine's kernel; nothing of that is taken back. Rejects with
   * LabError where the engine's kernel does not go with the lab.
   */
  followKernel(request: KernelRequest): Promise<RunningCommand>;
  /** Adds to an error in the lab what the lab's kernel complained of before, such as that it stood still; gives any other error as it is. */
  withComplaint(error: unknown): unknown;
  /** Rejects with LabError as soon as the lab is lost (VM panic, killed QEMU); never resolves. */
  readonly lost: Promise<never>;
}

/** Docker engines whose kernel is the kernel under test. Nothing above src/engine knows which adapter it is. */
export interface Engine extends AsyncDisposable {
  readonly identity: EngineIdentity;
  /**
   * The run id to put into the names of all labs, whatever run they belong to: where each lab has a Docker of its own, all of one shape have
   * the same names. Undefined where the labs of several runs share a Docker, so that their names must differ.
   */
  readonly sharedRunId: string | undefined;
  /** How many labs there may be at the same time. */
  readonly room: number;
  /** Creates the shape's networks and nodes; all of it is removed when the Lab is disposed, and when this rejects. */
  createLab(shape: LabShape): Promise<Lab>;
  /** Subnets (CIDR) of all networks on this engine, so that a plan can avoid them. */
  usedSubnets(): Promise<readonly string[]>;
  /**
   * Tries these steps, one after the other, in a throw-away container without a network. Resolves with what `lab/node/try-rules.sh` says was
   * refused.
   */
  tryRules(
    runId: string,
    steps: readonly RuleStep[],
    options: { readonly seconds: number },
  ): Promise<ExecResult>;
}
