import { LabError } from '../../support/errors.js';

/** Evidence could not be read as what it should be; the message names the file or quotes the line. */
export class EvidenceError extends LabError {}
