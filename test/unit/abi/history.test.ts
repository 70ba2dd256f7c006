import { describe, expect, test } from 'vitest';
import { historicalImport } from '../../../src/abi/history.js';
import { namespaces } from '../../../src/abi/namespaces.js';

describe('historical imports', () => {
  test.each([
    ['thread_local_create', '2022/2023 thread ABI'],
    ['thread_local_get', '2022/2023 thread ABI'],
    ['bus_call', '2022 bus ABI'],
    ['bus_open_local', '2022 bus ABI'],
    ['ws_connect', '2022 web ABI'],
    ['http_request', '2022 web ABI'],
    ['coroutine_new', 'experimental coroutine ABI'],
    ['continuation_switch', 'experimental coroutine ABI'],
  ])('%s is refused as %s', (name, abi) => {
    expect(historicalImport('wasix_32v1', name)?.abi).toBe(abi);
    expect(historicalImport('env', name)).toBeUndefined();
  });

  test('thread_spawn is historical unless it has the two parameters of today', () => {
    expect(historicalImport('wasix_32v1', 'thread_spawn', 2)).toBeUndefined();
    expect(historicalImport('wasix_32v1', 'thread_spawn')).toBeUndefined();
    expect(historicalImport('wasix_32v1', 'thread_spawn', 6)?.abi).toBe('2022/2023 thread ABI');
  });

  test('everything in the HTTP client namespace is historical', () => {
    expect(historicalImport('wasix_http_client_v1', 'anything')?.abi).toBe('2022 web ABI');
  });

  test('no call of today is taken for a historical one', () => {
    for (const [namespace, imports] of Object.entries(namespaces)) {
      for (const name of Object.keys(imports)) {
        expect(historicalImport(namespace, name), name).toBeUndefined();
      }
    }
  });

  test('names without a history, inherited properties included, are not recognised', () => {
    expect(historicalImport('wasix_32v1', 'no_such_call')).toBeUndefined();
    expect(historicalImport('wasix_32v1', 'constructor')).toBeUndefined();
  });
});
