/** The bits of the flags in a TCP header. */
export const enum TcpFlag {
  fin = 0x01,
  syn = 0x02,
  rst = 0x04,
  psh = 0x08,
  ack = 0x10,
}
