import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineProgress } from '../engine/port/engineProgress.js';
import { cacheRoot } from '../engine/lifetime/paths.js';
import { addToolSet, findToolSet, removeToolSet, toolSetNames } from '../engine/toolSets/toolStore.js';
import { addRun, readTimes } from '../matrix/estimate/runTimes.js';
import { runChild } from '../matrix/run/child.js';
import { toolVersion } from '../support/version.js';
import { waitFor } from '../support/wait.js';
import type { ImageServices, KernelServices, Services } from './frame/services.js';
import { openInBrowser } from './openInBrowser.js';
import { startDetached } from './startDetached.js';

const main = fileURLToPath(new URL('main.js', import.meta.url));

/** Beside what is dear to make, and removed with it. */
const timesFile = (): string => join(cacheRoot(), 'run-times.json');

/** Seconds from SIGTERM to SIGKILL for a child: longer than its cleanup may take (15 s) and than it needs to write its results. */
const childGraceSeconds = 45;

const kernels: KernelServices = {
  async add(request, { emit, signal }) {
    const { storeKernel } = await import('../engine/kernel/kernels.js');
    return storeKernel(request, engineProgress(emit, signal));
  },
  async list() {
    const { listKernels } = await import('../engine/kernel/kernels.js');
    return listKernels();
  },
  async info(reference, { emit, signal }) {
    const { kernelInfo } = await import('../engine/kernel/kernels.js');
    return kernelInfo(reference, engineProgress(emit, signal));
  },
  async remove(name) {
    const { removeKernel } = await import('../engine/kernel/kernels.js');
    await removeKernel(name);
  },
};

const images: ImageServices = {
  async list() {
    const { listImages } = await import('../engine/imageSets/listImages.js');
    return listImages();
  },
  async save(image, file, { emit, signal }) {
    const { saveImages } = await import('../engine/imageSets/saveSet.js');
    await saveImages(image, file, engineProgress(emit, signal));
  },
  async load(file, { emit, signal }) {
    const { loadImages } = await import('../engine/imageSets/loadSet.js');
    return loadImages(file, engineProgress(emit, signal));
  },
};

/**
 * The real lab. What talks to engines is loaded when it is first needed: the client libraries take a second that `list` and
 * `--help` should not cost.
 */
export const liveServices: Services = {
  version: toolVersion(),
  async openEngine(request) {
    const { openEngine } = await import('../engine/open.js');
    return openEngine(request);
  },
  async runScenarios(request) {
    const { runScenarios } = await import('../run/schedule/runScenarios.js');
    return runScenarios(request);
  },
  async readyLabs({ engine, runId, report }) {
    const { LabFactory } = await import('../run/lab/labFactory.js');
    const { ReadyLabs } = await import('../run/lab/readyLabs.js');
    return new ReadyLabs(new LabFactory(engine, runId), runId, report);
  },
  async bringUpLab(request) {
    const { bringUpLab } = await import('../run/stages/bringUpLab.js');
    return bringUpLab(request);
  },
  async holdSession({ lab, signal, findable }) {
    const { holdSession, readSession } = await import('../engine/session.js');
    const held = holdSession(lab, signal);
    const isFound = () => readSession(lab.plan.runId).catch(() => undefined);
    const found = waitFor('the session to be found', isFound, { seconds: 10, everyMs: 20, signal });
    await Promise.race([held, found.then(findable)]);
    await held;
  },
  async openShell({ runId, node, argv }) {
    const { openShell } = await import('../engine/openShell.js');
    const { readSession } = await import('../engine/session.js');
    const command = argv.length === 0 ? ['bash'] : argv;
    return openShell(await readSession(runId), node, command, process);
  },
  async stopSession(runId) {
    const { stopSession } = await import('../engine/session.js');
    return stopSession(runId);
  },
  async diagnose(request) {
    const { diagnose } = await import('../engine/host/diagnose.js');
    return diagnose(request);
  },
  async installMissing(requirements, emit) {
    const { installMissing } = await import('../engine/host/diagnose.js');
    await installMissing(requirements, emit);
  },
  async sweepLeftovers(emit) {
    const { sweepLeftovers } = await import('../engine/sweep.js');
    return sweepLeftovers(emit);
  },
  async sweepCache() {
    const { sweepCache } = await import('../engine/sweep.js');
    return sweepCache();
  },
  kernels,
  images,
  tools: {
    add: addToolSet,
    list: () => Promise.resolve(toolSetNames().map(findToolSet)),
    remove: removeToolSet,
  },
  times: {
    read: () => readTimes(timesFile()),
    add: (run) => addRun(timesFile(), run),
  },
  runChild: (request) =>
    runChild({ file: main, cwd: process.cwd(), env: process.env, graceSeconds: childGraceSeconds }, request),
  openInBrowser: (file) => openInBrowser(file, process.env['PATH'] ?? ''),
  startDetached: (argv, logFile) => startDetached(main, argv, logFile),
};
