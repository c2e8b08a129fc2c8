// Reading a constant of a module in a cycle before that module has run.
import { first, late } from './parts/cycle-a.js';
export default () => ({ first, late: late() });
