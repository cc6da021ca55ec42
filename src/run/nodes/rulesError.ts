import { LabError } from '../../support/errors.js';

/** The tools do not accept what the scenario's file loads: the file is wrong, not the lab. */
export class RulesError extends LabError {
  override readonly exitCode = 5;
}

/** Whether an error means that a job's file was refused; it may have come from another process. */
export function isRefusal(error: { readonly name: string } | undefined): boolean {
  return error?.name === RulesError.name;
}

/** Matches messages about a missing program or kernel module, which no other rule would help. */
const missing =
  /executable file not found|do you need to insmod|can't initialize iptables|Could not fetch rule set/m;
const noProgram = /: command not found$/m;

/** Whether a tool refused something through the lab's fault. A command in the file may call a program that nobody has, which is not. */
export function isLabsFault(said: string, isCommand: boolean): boolean {
  return missing.test(said) || (!isCommand && noProgram.test(said));
}
