import type { CallDescription } from '../call.js';

/** The virtual network interface, WASIX (ABI §2.10). */
export const portCalls = {
  port_addr_add: { name: 'port_addr_add', family: 'port', params: [['cidr', 'cidr']], result: 'errno' },
  port_addr_clear: { name: 'port_addr_clear', family: 'port', params: [], result: 'errno' },
  port_addr_list: {
    name: 'port_addr_list',
    family: 'port',
    params: [
      ['cidrs', 'out.cidrs'],
      ['n', 'inout.size'],
    ],
    result: 'errno',
  },
  port_addr_remove: { name: 'port_addr_remove', family: 'port', params: [['addr', 'addr']], result: 'errno' },
  port_bridge: {
    name: 'port_bridge',
    family: 'port',
    params: [
      ['network', 'string'],
      ['token', 'string'],
      ['security', 'stream_security'],
    ],
    result: 'errno',
  },
  port_dhcp_acquire: { name: 'port_dhcp_acquire', family: 'port', params: [], result: 'errno' },
  port_gateway_set: { name: 'port_gateway_set', family: 'port', params: [['addr', 'addr']], result: 'errno' },
  port_mac: { name: 'port_mac', family: 'port', params: [['mac', 'out.hardware_address']], result: 'errno' },
  port_route_add: {
    name: 'port_route_add',
    family: 'port',
    params: [
      ['cidr', 'cidr'],
      ['via', 'addr'],
      ['preferred_until', 'option_timestamp'],
      ['expires_at', 'option_timestamp'],
    ],
    result: 'errno',
  },
  port_route_clear: { name: 'port_route_clear', family: 'port', params: [], result: 'errno' },
  port_route_list: {
    name: 'port_route_list',
    family: 'port',
    params: [
      ['routes', 'out.routes'],
      ['n', 'inout.size'],
    ],
    result: 'errno',
  },
  port_route_remove: {
    name: 'port_route_remove',
    family: 'port',
    params: [['addr', 'addr']],
    result: 'errno',
  },
  port_unbridge: { name: 'port_unbridge', family: 'port', params: [], result: 'errno' },
} as const satisfies Record<string, CallDescription>;
