// Builds the addon whose system calls can each be made to fail (native/system/faults.h): the shipped one's sources and
// two more.
import { buildSecondAddon } from './second-addon.mjs';

buildSecondAddon('faults', {
  sources: ['native/node/faults_wrap.cc', 'native/system/faults.cc'],
  defines: ['SNAPVM_FAULTS'],
  cflags: ['-O0'], // the last one counts: compiled in half the time
});
