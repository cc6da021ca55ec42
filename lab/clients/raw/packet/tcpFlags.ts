/** Bits of a TCP header's flags. */
export const fin = 0x01;
export const syn = 0x02;
export const rst = 0x04;
export const psh = 0x08;
export const ack = 0x10;
