// A dependency with top-level await is ready before its importer runs.
import { failed, slow, table } from './parts/slow.js';

const atTop = slow;
export default () => ({ atTop, slow, failed, table: Object.fromEntries(table) });
