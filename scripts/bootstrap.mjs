// `npm run repro` and `npm test` start here, also right after `git clone`: Node's own modules only.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeVersionProblem } from './bootstrap/nodeVersion.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

async function main() {
  const [task, ...rest] = process.argv.slice(2);
  const manifest = /** @type {{ engines: { node: string } }} */ (
    JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  );
  const problem = nodeVersionProblem(process.versions.node, manifest.engines.node);
  if (problem !== undefined) return fail(problem, 2);
  if (task !== 'repro' && task !== 'test') {
    return fail(`expected \`bootstrap.mjs repro\` or \`bootstrap.mjs test\`, found: ${String(task)}`, 5);
  }
  // Loaded late, so that a Node too old for them still gets to the message above.
  const { startTask } = await import('./startTask.mjs');
  return startTask(root, task, rest);
}

/** @param {string} message @param {number} code */
function fail(message, code) {
  process.stderr.write(`error: ${message}\n`);
  return code;
}

process.exitCode = await main();
