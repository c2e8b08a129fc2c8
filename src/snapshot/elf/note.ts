/**
 * The SDK's ELF note: PT_NOTE, owner "snapvm", type 1: a u32 with the guest ABI the binary was built for, and perhaps a
 * second one, which is 1 when it starts as a Linux program.
 */

const OWNER = 'snapvm\0';
/**
 * Most bytes read of a note section; the SDK's has 24. A file may have a thousand sections over the same
 * bytes.
 */
const MAX_SECTION_BYTES = 0x1000;

export interface SdkNote {
  /**
   * The guest ABI it was built for. Only reported, as in Hyperlight: the `abi` field of its messages decides.
   */
  readonly version: number;
  /**
   * Whether it was linked with a C library for Linux: it then starts as a Linux program, and makes system
   * calls.
   */
  readonly linux: boolean;
}

/** What the note says; `undefined` if there is none. */
export function sdkNote(sections: readonly Uint8Array[]): SdkNote | undefined {
  for (const whole of sections) {
    const section = whole.subarray(0, MAX_SECTION_BYTES);
    const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
    let at = 0;
    while (at + 12 <= section.byteLength) {
      const nameBytes = view.getUint32(at, true);
      const descBytes = view.getUint32(at + 4, true);
      const type = view.getUint32(at + 8, true);
      const name = at + 12;
      const desc = name + align4(nameBytes);
      const next = desc + align4(descBytes);
      if (desc + descBytes > section.byteLength) break;
      if (type === 1 && nameBytes === OWNER.length && descBytes >= 4) {
        const owner = Buffer.from(section.subarray(name, name + nameBytes)).toString('latin1');
        if (owner === OWNER)
          return {
            version: view.getUint32(desc, true),
            linux: descBytes >= 8 && view.getUint32(desc + 4, true) === 1,
          };
      }
      at = next;
    }
  }
  return undefined;
}

function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
