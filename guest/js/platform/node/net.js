import { hostModule } from '../shared/host-module.js';

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const V4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
const GROUP = /^[\da-f]{1,4}$/i;
const ZONE = /^[\w\-.:]+$/;
const GROUPS = 8;

function isIPv4(text) {
  return V4.test(text);
}

function isIPv6(value) {
  const [text, zone, more] = String(value).split('%');
  if (more !== undefined || (zone !== undefined && !ZONE.test(zone))) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const parts = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = parts.flat();
  const last = all.at(-1);
  const endsInV4 = last?.includes('.') === true && text.endsWith(last);
  const groups = endsInV4 ? all.slice(0, -1) : all;
  if ((endsInV4 && !isIPv4(last)) || !groups.every((group) => GROUP.test(group))) return false;
  const count = groups.length + (endsInV4 ? 2 : 0);
  return halves.length === 2 ? count < GROUPS : count === GROUPS;
}

function isIP(text) {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : 0;
}

export default hostModule('net', { isIP, isIPv4, isIPv6 });
