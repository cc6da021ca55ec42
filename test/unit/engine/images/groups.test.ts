import { describe, expect, it } from 'vitest';
import { imageGroups } from '../../../../src/engine/images/groups.js';
import { withEnvironment, tempFolder } from '../tempFolder.js';

const kinds = (groups: ReturnType<typeof imageGroups>['vm']) =>
  groups.map(({ roles, bases }) => [roles.join(' '), ...bases.map(({ kind }) => kind)]);

describe('imageGroups', () => {
  it('with auto builds all on one base: a registry first on a local engine, none for the VM', () => {
    withEnvironment({ XDG_DATA_HOME: tempFolder() });
    const { local, vm } = imageGroups('auto');
    expect(kinds(local)).toEqual([['client director realserver', 'reference', 'packages']]);
    expect(kinds(vm)).toEqual([['client director realserver', 'packages']]);
    expect(imageGroups('debian:bookworm').vm).toEqual(vm);
  });

  it('with another image leaves the client as it is', () => {
    withEnvironment({ XDG_DATA_HOME: tempFolder() });
    const { vm } = imageGroups('centos:7');
    expect(vm).toEqual([
      { roles: ['client'], bases: [{ kind: 'packages', suite: 'bookworm' }] },
      { roles: ['director', 'realserver'], bases: [{ kind: 'reference', reference: 'centos:7' }] },
    ]);
    expect(kinds(imageGroups('debian:sid').vm)[1]).toEqual(['director realserver', 'packages']);
  });
});
