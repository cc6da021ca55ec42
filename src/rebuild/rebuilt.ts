import type { Behaviour } from './behaviours.js';
import type { VirtualService } from '../prediction/model/question.js';
import type { FileLine } from '../site/model/sourceFile.js';

/** A file of a rebuilt site; names are plain, for all of them are in one folder. */
export interface RebuiltFile {
  readonly name: string;
  readonly text: string;
}

/** A scenario file of a rebuilt site. */
export interface RebuiltScenario {
  readonly id: string;
  readonly behaviour: Behaviour;
  /** The name of its file. */
  readonly file: string;
}

/** Services that are in one lab together, and the scenarios in which clients use all of them. */
export interface RebuiltLab {
  readonly services: readonly VirtualService[];
  /** The address that the lab's client has. */
  readonly client: string;
  readonly scenarios: readonly RebuiltScenario[];
}

/** A difference between the lab and the site, or a choice that was made for the lab. */
export interface RebuildNote {
  readonly text: string;
  readonly at: Omit<FileLine, 'text'> | undefined;
}

/** A service that no lab has, and why. */
export interface UnbuiltService {
  readonly service: VirtualService;
  readonly why: string;
}

/** A site as scenarios: the files of a folder. */
export interface Rebuilt {
  /** The first part of its scenarios' ids. */
  readonly topic: string;
  readonly labs: readonly RebuiltLab[];
  /** The scenario files, and the site's own rule files beside them. */
  readonly files: readonly RebuiltFile[];
  readonly notes: readonly RebuildNote[];
  readonly unbuilt: readonly UnbuiltService[];
}
