import { Option } from '@commander-js/extra-typings';
import { resolve } from 'node:path';
import { roles } from '../../contracts/words/nodes.js';
import { withTools } from '../../engine/toolSets/toolImage.js';
import { findToolSet, noTools, type AskedTool } from '../../engine/toolSets/toolStore.js';
import { UsageError } from '../../support/errors.js';
import { adding, type ParsedOptions } from './declared.js';

type Roles = AskedTool['roles'];
const imageRoles = roles.filter((role) => role !== 'router');
/** Those whose image `--image` names. */
const usualRoles: Roles = ['director', 'realserver'];

/** Options that name packages and files to put into images. */
export function toolFileOptions() {
  return [
    new Option(
      '--deb <package>',
      'install this Debian package in the images of director and realserver, or of one role (ROLE:FILE); repeatable',
    ).argParser(addText()),
    new Option(
      '--bin <place>',
      'PATH=FILE: put a file at PATH in the images of director and realserver, or of one role (ROLE:PATH=FILE); repeatable',
    ).argParser(addText()),
  ] as const;
}

const addText = () => adding<string>((text, before = []) => [...before, text]);

export type ToolFileOptions = ParsedOptions<ReturnType<typeof toolFileOptions>>;

/** The files that `--deb` and `--bin` name, with absolute paths. Throws UsageError for a `--bin` that says no place. */
export function askedTools({ deb = [], bin = [] }: ToolFileOptions, cwd: string): readonly AskedTool[] {
  return [...deb.map(packageOf), ...bin.map(placedOf)].map((tool) => ({
    ...tool,
    file: resolve(cwd, tool.file),
  }));
}

/** The images to run on: each of those named with each set of tools. Throws UsageError for a set that there is not. */
export function imagesWith(images: readonly string[], tools: readonly string[]): readonly string[] {
  if (tools.length === 0) return images;
  for (const name of tools) if (name !== noTools) findToolSet(name);
  const bases = images.length === 0 ? ['auto'] : images;
  const named = bases.find((image) => image.includes('+'));
  if (named !== undefined) {
    throw new UsageError(`expected --image ${named} or tools to put into it, found both`, {
      hint: 'name the image without its plus, and the tools with --tools',
    });
  }
  return bases.flatMap((image) => tools.map((name) => (name === noTools ? image : withTools(image, name))));
}

function packageOf(text: string): AskedTool {
  const { into, rest } = rolesOf(text);
  return { roles: into, file: rest, path: undefined };
}

function placedOf(text: string): AskedTool {
  const { into, rest } = rolesOf(text);
  const [, place, file] = /^(\/[^=\s]*[^=\s/])=(.+)$/.exec(rest) ?? [];
  if (place !== undefined && file !== undefined) return { roles: into, file, path: place };
  throw new UsageError(`expected --bin PATH=FILE or --bin ROLE:PATH=FILE, found ${text}`, {
    hint: 'PATH is absolute and has no blanks: --bin /usr/sbin/nft=./nft',
  });
}

function rolesOf(text: string): { readonly into: Roles; readonly rest: string } {
  const role = imageRoles.find((each) => text.startsWith(`${each}:`));
  return role === undefined
    ? { into: usualRoles, rest: text }
    : { into: [role], rest: text.slice(role.length + 1) };
}
