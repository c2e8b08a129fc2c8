/** The results that the conformance cases (test/conformance) report. */

/** The result of one case. */
export interface CaseResult {
  readonly name: string;
  /** The subject that the case belongs to. */
  readonly area: string;
  readonly status: 'passed' | 'failed' | 'unsupported';
  readonly ms: number;
  /** Why it failed, or why the backend cannot meet it. */
  readonly message?: string;
  /** What it found where more than one thing is right. */
  readonly notes?: readonly string[];
}
