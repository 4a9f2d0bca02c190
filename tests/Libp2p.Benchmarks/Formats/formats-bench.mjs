// What the npm packages take for the work of FormatWorkloads.cs: one JSON request {"name","iterations"} a line on stdin, one answer {"nanoseconds"} (of one iteration; null: cannot) a line on stdout.
import { createInterface } from 'node:readline'
import { privateKeyFromProtobuf, publicKeyFromProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromMultihash, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'

const unhex = text => Uint8Array.from(Buffer.from(text, 'hex'))
let sink
const workloads = {
  'multiaddr parse': ({ text }) => () => { sink = multiaddr(text).bytes },
  'multiaddr print': ({ bytes }) => { const b = unhex(bytes); return () => { sink = multiaddr(b).toString() } },
  'peer id parse': ({ text }) => () => { sink = peerIdFromString(text) },
  'peer id print': ({ bytes }) => { const d = Digest.decode(unhex(bytes)); return () => { sink = peerIdFromMultihash(d).toString() } },
  'cid parse': ({ text }) => () => { sink = CID.parse(text) },
  'cid print': ({ bytes }) => { const b = unhex(bytes); return () => { sink = CID.decode(b).toString() } },
  verify: ({ key, message, signature }) => { const [k, m, s] = [publicKeyFromProtobuf(unhex(key)), unhex(message), unhex(signature)]; return () => k.verify(m, s) },
  sign: ({ key, message }) => { const [k, m] = [privateKeyFromProtobuf(unhex(key)), unhex(message)]; return () => k.sign(m) }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { work, iterations, ...given } = JSON.parse(line)
  try {
    const once = workloads[work](given)
    const start = process.hrtime.bigint()
    for (let i = 0; i < iterations; i++) {
      const result = once()
      if (result instanceof Promise) await result
    }
    process.stdout.write(JSON.stringify({ nanoseconds: Number(process.hrtime.bigint() - start) / iterations, sink: typeof sink }) + '\n')
  } catch {
    process.stdout.write('{"nanoseconds":null}\n') // js reads ECDSA keys in a form of its own only
  }
}
