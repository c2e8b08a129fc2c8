/** What the conformance cases (test/conformance) report. */

/** What one case came to. */
export interface CaseResult {
  readonly name: string;
  /** What it is about. */
  readonly area: string;
  readonly status: 'passed' | 'failed' | 'unsupported';
  readonly ms: number;
  /** Why it failed, or why the backend cannot meet it. */
  readonly message?: string;
  /** What it found where more than one thing is right. */
  readonly notes?: readonly string[];
}
