import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import { classifyCaptures, type ClassifiedCaptures } from '../captures/classifiedCaptures.js';
import { labNodesOf, type LabNodes } from '../captures/labNodes.js';
import { seenConnections } from '../connections/seenConnection.js';
import { judgedConnection, type JudgedConnection } from './judgedConnection.js';

/** A phase with all that the rest of the judge works on: its nodes by role, its classified captures, and its judged connections. */
export interface JudgedPhase {
  readonly phase: PhaseEvidence;
  readonly lab: LabNodes;
  readonly captures: ClassifiedCaptures;
  /** In the order of the load's report. */
  readonly connections: readonly JudgedConnection[];
}

/** Finds out what became of the phase's connections. */
export function judgedPhase(phase: PhaseEvidence): JudgedPhase {
  const lab = labNodesOf(phase);
  const captures = classifyCaptures(lab, phase);
  const connections = seenConnections(phase, lab, captures).map(judgedConnection);
  return { phase, lab, captures, connections };
}
