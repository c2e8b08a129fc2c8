// For the modules of Node of which nothing works without a host.
export { hostModule } from './shared/host-module.js';
