/** Every program of fixtures/ does what the JSON beside it says, all on one pool, one after the other. */
import { afterAll, describe, expect, it } from 'vitest';
import { ObservedPool } from '../observed-pool.js';
import { casesOf, groups } from './cases.js';
import { compared } from './compared.js';
import { DEADLINE_MS, runCase } from './run-case.js';

const pool = new ObservedPool({ name: 'conformance' });
afterAll(() => pool.shutdownJoin(1000));

/** Beyond a case's own deadline: time to tell what its threads were doing. */
const REPORT_MS = 5000;

describe.each(groups())('%s', (group) => {
  for (const fixture of casesOf(group)) {
    const { spec, title } = fixture;
    it(title, { timeout: (spec.timeout_ms ?? DEADLINE_MS) + REPORT_MS }, async ({ skip }) => {
      const outcome = await runCase(fixture, pool);
      skip(spec.skip_exit_code === outcome.status, 'the guest says that this machine cannot run it');
      const { found, expected } = compared(spec, outcome);
      expect(found).toEqual(expected);
    });
  }
});
