/** Address families: u8, ABI §3.3. Equal to the `AF_*` of C. */
export const AddressFamily = {
  UNSPEC: 0,
  INET4: 1,
  INET6: 2,
  UNIX: 3,
} as const;

export type AddressFamily = (typeof AddressFamily)[keyof typeof AddressFamily];

/** Socket types: u8, ABI §3.3. */
export const SocketType = {
  UNUSED: 0,
  STREAM: 1,
  DGRAM: 2,
  RAW: 3,
  SEQPACKET: 4,
} as const;

export type SocketType = (typeof SocketType)[keyof typeof SocketType];

/** Protocols: u16, ABI §3.3. */
export const SocketProtocol = {
  IP: 0,
  ICMP: 1,
  IGMP: 2,
  IPIP: 4,
  TCP: 6,
  EGP: 8,
  PUP: 12,
  UDP: 17,
  IDP: 22,
  TP: 29,
  DCCP: 33,
  IPV6: 41,
  ROUTING: 43,
  FRAGMENT: 44,
  RSVP: 46,
  GRE: 47,
  ESP: 50,
  AH: 51,
  ICMPV6: 58,
  NONE: 59,
  DSTOPTS: 60,
  MTP: 92,
  BEETPH: 94,
  ENCAP: 98,
  PIM: 103,
  COMP: 108,
  SCTP: 132,
  MH: 135,
  UDPLITE: 136,
  MPLS: 137,
  ETHERNET: 143,
  RAW: 255,
  MPTCP: 262,
} as const;

export type SocketProtocol = (typeof SocketProtocol)[keyof typeof SocketProtocol];

/** What `sock_status` reports: u8, ABI §3.3. */
export const SocketStatus = {
  OPENING: 0,
  OPENED: 1,
  CLOSED: 2,
  FAILED: 3,
} as const;

export type SocketStatus = (typeof SocketStatus)[keyof typeof SocketStatus];

/** Options of the `sock_*_opt_*` calls: u8, ABI §3.3. */
export const SocketOption = {
  NOOP: 0,
  REUSE_PORT: 1,
  REUSE_ADDR: 2,
  NO_DELAY: 3,
  DONT_ROUTE: 4,
  ONLY_V6: 5,
  BROADCAST: 6,
  MULTICAST_LOOP_V4: 7,
  MULTICAST_LOOP_V6: 8,
  PROMISCUOUS: 9,
  LISTENING: 10,
  LAST_ERROR: 11,
  KEEP_ALIVE: 12,
  LINGER: 13,
  OOB_INLINE: 14,
  RECV_BUF_SIZE: 15,
  SEND_BUF_SIZE: 16,
  RECV_LOWAT: 17,
  SEND_LOWAT: 18,
  RECV_TIMEOUT: 19,
  SEND_TIMEOUT: 20,
  CONNECT_TIMEOUT: 21,
  ACCEPT_TIMEOUT: 22,
  TTL: 23,
  MULTICAST_TTL_V4: 24,
  TYPE: 25,
  PROTO: 26,
} as const;

export type SocketOption = (typeof SocketOption)[keyof typeof SocketOption];
