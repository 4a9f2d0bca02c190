// A js-libp2p node that the interop tests drive: one JSON request a line on stdin, one JSON answer a line on stdout (same id),
// and events in between. It ends when stdin closes.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { identify, identifyPush } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const print = object => process.stdout.write(JSON.stringify(object) + '\n')

const { values: options } = parseArgs({ options: { security: { type: 'string', default: 'noise' }, psk: { type: 'string' } } })
const channels = { noise, tls }

const node = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: options.security.split(',').map(name => channels[name]()),
  connectionProtector: options.psk == null ? undefined : preSharedKey({ psk: readFileSync(options.psk) }),
  streamMuxers: [yamux()],
  services: { identify: identify(), identifyPush: identifyPush(), ping: ping() },
  connectionMonitor: { enabled: false },
  connectionGater: { denyDialMultiaddr: () => false }
})

const limits = { maxInboundStreams: 1000, maxOutboundStreams: 1000 }

async function send (stream, bytes) {
  if (!stream.send(bytes)) await stream.onDrain()
}

/** The SHA-256 and the length of everything up to the end of the stream. Throws where the stream was reset. */
async function digest (stream) {
  const hash = createHash('sha256')
  let length = 0
  for await (const chunk of stream) {
    const bytes = chunk.subarray()
    hash.update(bytes)
    length += bytes.byteLength
  }
  return { length, sha256: hash.digest('hex') }
}

// What this node serves.
const handlers = {
  '/test/echo/1.0.0': async stream => {
    for await (const chunk of stream) await send(stream, chunk.subarray())
    await stream.close()
  },
  // answers only after the remote has half-closed
  '/test/digest/1.0.0': async stream => {
    const { length, sha256 } = await digest(stream)
    await send(stream, Buffer.from(`${length} ${sha256}`))
    await stream.close()
  },
  // resets at the first byte
  '/test/reset/1.0.0': async stream => {
    for await (const _ of stream) break
    stream.abort(new Error('reset on purpose'))
  },
  // libp2p/specs, perf: 8 bytes say how much to send once everything was received
  '/perf/1.0.0': async stream => {
    const asked = []
    let length = 0
    for await (const chunk of stream) {
      if (length < 8) asked.push(Buffer.from(chunk.subarray()))
      length += chunk.byteLength
    }
    for (let left = Number(Buffer.concat(asked).readBigUInt64BE()); left > 0; left -= 65536) await send(stream, new Uint8Array(Math.min(left, 65536)))
    await stream.close()
    print({ event: 'measured', upload: length - 8 })
  },
  // tells how the stream ended
  '/test/watch/1.0.0': async stream => {
    await send(stream, Buffer.from('watching'))
    let end = 'eof'
    try {
      await digest(stream)
    } catch (err) {
      end = err.name
    }
    print({ event: 'watched', end })
  }
}
for (const [protocol, handler] of Object.entries(handlers)) {
  await node.handle(protocol, stream => {
    handler(stream).catch(err => {
      print({ event: 'handler-error', protocol, error: err.message })
      stream.abort(err)
    })
  }, limits)
}

node.addEventListener('peer:identify', ({ detail }) => print({
  event: 'identify',
  peer: detail.peerId.toString(),
  agentVersion: detail.agentVersion,
  protocols: detail.protocols,
  listenAddrs: detail.listenAddrs.map(String),
  signedRecordAddrs: detail.signedPeerRecord?.addresses.map(String)
}))
node.addEventListener('peer:disconnect', ({ detail }) => print({ event: 'disconnect', peer: detail.toString() }))

const connectionTo = peer => {
  const connection = node.getConnections().find(c => c.remotePeer.toString() === peer && c.status === 'open')
  if (connection == null) throw new Error(`not connected to ${peer}`)
  return connection
}
const open = (peer, protocol) => connectionTo(peer).newStream(protocol, { ...limits, signal: AbortSignal.timeout(60_000) })

async function echoOnce (peer, bytes) {
  const stream = await open(peer, '/test/echo/1.0.0')
  const sent = createHash('sha256')
  const received = digest(stream)
  for (let left = bytes; left > 0; left -= 65536) {
    const block = randomBytes(Math.min(left, 65536))
    sent.update(block)
    await send(stream, block)
  }
  await stream.close()
  const { length, sha256 } = await received
  if (length !== bytes || sha256 !== sent.digest('hex')) throw new Error(`echo differs: ${length} of ${bytes} bytes`)
}

const requests = {
  async dial ({ addr }) {
    const connection = await node.dial(multiaddr(addr))
    return { peer: connection.remotePeer.toString(), encryption: connection.encryption, muxer: connection.multiplexer }
  },
  async connections () {
    return { connections: node.getConnections().map(c => ({ peer: c.remotePeer.toString(), encryption: c.encryption, muxer: c.multiplexer })) }
  },
  async ping ({ peer }) {
    return { ms: await node.services.ping.ping(connectionTo(peer).remotePeer) }
  },
  async echo ({ peer, streams, bytes }) {
    await Promise.all(Array.from({ length: streams }, () => echoOnce(peer, bytes)))
    return { streams }
  },
  /** Half-closes, then reads the answer that comes only after that. */
  async digest ({ peer, bytes }) {
    const data = randomBytes(bytes)
    const stream = await open(peer, '/test/digest/1.0.0')
    const answer = (async () => {
      const parts = []
      for await (const chunk of stream) parts.push(Buffer.from(chunk.subarray()))
      return Buffer.concat(parts).toString()
    })()
    await send(stream, data)
    await stream.close()
    return { expected: `${bytes} ${createHash('sha256').update(data).digest('hex')}`, answer: await answer }
  },
  /** The remote resets at the first byte: how this side sees it. */
  async reset ({ peer }) {
    const stream = await open(peer, '/test/reset/1.0.0')
    const end = digest(stream).then(() => 'eof', err => err.name)
    await send(stream, Buffer.from('x'))
    return { end: await end }
  },
  /** Resets a stream that the remote watches. */
  async abort ({ peer }) {
    const stream = await open(peer, '/test/watch/1.0.0')
    for await (const _ of stream) break // it is being watched
    stream.abort(new Error('reset on purpose'))
    return {}
  },
  async perf ({ peer, upload, download }) {
    const stream = await open(peer, '/perf/1.0.0')
    const received = digest(stream)
    const asked = Buffer.alloc(8)
    asked.writeBigUInt64BE(BigInt(download))
    await send(stream, asked)
    for (let left = upload; left > 0; left -= 65536) await send(stream, new Uint8Array(Math.min(left, 65536)))
    await stream.close()
    return { received: (await received).length }
  },
  async open ({ peer, protocol }) {
    const stream = await open(peer, protocol)
    await stream.close()
    return { protocol: stream.protocol }
  },
  /** A new protocol makes js-libp2p push. */
  async handle ({ protocol }) {
    await node.handle(protocol, stream => stream.abort(new Error('nothing here')))
    return {}
  },
  async hangUp ({ peer }) {
    await node.hangUp(connectionTo(peer).remotePeer)
    return {}
  }
}

print({ event: 'ready', peerId: node.peerId.toString(), addrs: node.getMultiaddrs().map(String) })
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, ...request } = JSON.parse(line)
  requests[op](request).then(
    answer => print({ id, ok: true, ...answer }),
    err => print({ id, ok: false, error: [err.message, ...(err.errors ?? []).map(e => e.message)].join('; '), name: err.name }))
}
await Promise.race([node.stop(), new Promise(resolve => setTimeout(resolve, 2000))])
process.exit(0)
