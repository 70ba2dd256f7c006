/** A worker's script that fails before it serves. */
throw new Error('no boot today');
