// `npm run rules:find`: names the programs with which tests load rules into namespaces of this machine. With `--install` Debian's are installed where they are missing.
import { LabError } from '../src/support/errors.js';
import { installRuleTools, ruleTools } from './tasks/ruleTools.js';

// Some users do not have the folders of root's programs in theirs.
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

try {
  if (process.argv.includes('--install')) await installRuleTools(searchPath);
  process.stdout.write(`${ruleTools(searchPath).join('\n')}\n`);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
  process.stderr.write(`error: ${error.message}${hint}\n`);
  process.exitCode = 2;
}
