import { early, readLater } from './cycle-b.js';
export const value = 'from a';
export const first = [early, readLater()];
export const late = () => [early, readLater()];
