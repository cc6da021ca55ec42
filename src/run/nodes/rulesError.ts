import { LabError } from '../../support/errors.js';

/** What the scenario's file loads is not what the tools accept: the file is wrong, not the lab. */
export class RulesError extends LabError {
  override readonly exitCode = 5;
}

/** Whether a job came to no verdict because its file was refused; its error may have been another process's. */
export function isRefusal(error: { readonly name: string } | undefined): boolean {
  return error?.name === RulesError.name;
}

/** The program or its kernel modules are missing: nothing that another rule would mend. */
const missing =
  /executable file not found|do you need to insmod|can't initialize iptables|Could not fetch rule set/m;
const noProgram = /: command not found$/m;

/** Whether what a tool said when it refused something is the lab's fault; a command may call a program that nobody has. */
export function isLabsFault(said: string, isCommand: boolean): boolean {
  return missing.test(said) || (!isCommand && noProgram.test(said));
}
