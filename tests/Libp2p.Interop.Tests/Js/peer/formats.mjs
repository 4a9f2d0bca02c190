// The formats as the npm packages have them, for tests that ask: one JSON request a line on stdin, one JSON answer a line on stdout, in order. Bytes are hex. It ends when stdin closes.
import { createInterface } from 'node:readline'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf, publicKeyFromProtobuf, publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { createIPNSRecord, marshalIPNSRecord, multihashToIPNSRoutingKey, unmarshalIPNSRecord } from 'ipns'
import { ipnsSelector } from 'ipns/selector'
import { ipnsValidator } from 'ipns/validator'
import { base10 } from 'multiformats/bases/base10'
import { base16, base16upper } from 'multiformats/bases/base16'
import { base2 } from 'multiformats/bases/base2'
import { base256emoji } from 'multiformats/bases/base256emoji'
import * as base32 from 'multiformats/bases/base32'
import { base36, base36upper } from 'multiformats/bases/base36'
import { base58btc, base58flickr } from 'multiformats/bases/base58'
import * as base64 from 'multiformats/bases/base64'
import { base8 } from 'multiformats/bases/base8'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'

const hex = bytes => Buffer.from(bytes).toString('hex')
const unhex = text => Uint8Array.from(Buffer.from(text, 'hex'))
const bases = Object.fromEntries([base2, base8, base10, base16, base16upper, ...Object.values(base32), base36, base36upper, base58btc, base58flickr, ...Object.values(base64), base256emoji].map(base => [base.name, base]))

const keyOf = async key => {
  const message = unhex('00ff10')
  return {
    private: hex(privateKeyToProtobuf(key)),
    public: hex(publicKeyToProtobuf(key.publicKey)),
    peer: peerIdFromPublicKey(key.publicKey).toString(),
    cid: peerIdFromPublicKey(key.publicKey).toCID().toString(),
    message: hex(message),
    signature: hex(await key.sign(message))
  }
}

const operations = {
  multibases: () => Object.keys(bases),
  encode: ({ base, bytes }) => bases[base].encode(unhex(bytes)),
  decode: ({ base, text }) => hex(bases[base].decode(text)),
  cid: ({ version, codec, hash, digest }) => describeCid(version === 0 ? CID.createV0(createDigest(hash, unhex(digest))) : CID.createV1(codec, createDigest(hash, unhex(digest)))),
  parseCid: ({ text, base }) => describeCid(CID.parse(text, base == null ? undefined : bases[base])),
  multiaddr: ({ text, bytes }) => {
    const address = multiaddr(text ?? unhex(bytes))
    return { text: address.toString(), bytes: hex(address.bytes), components: address.getComponents().map(({ code, name, value }) => ({ code, name, value })) }
  },
  peerId: ({ text }) => hex(peerIdFromString(text).toMultihash().bytes),
  makeKey: async ({ type, bits }) => keyOf(await generateKeyPair(type, bits ?? undefined)),
  readKey: async ({ bytes }) => keyOf(privateKeyFromProtobuf(unhex(bytes))),
  verify: async ({ key, message, signature }) => publicKeyFromProtobuf(unhex(key)).verify(unhex(message), unhex(signature)),
  makeIpns: async ({ key, value, sequence, lifetime, older }) => hex(marshalIPNSRecord(await createIPNSRecord(privateKeyFromProtobuf(unhex(key)), value, BigInt(sequence), lifetime, { v1Compatible: older }))),
  readIpns: async ({ name, bytes }) => {
    const key = multihashToIPNSRoutingKey(peerIdFromString(name).toMultihash())
    await ipnsValidator(key, unhex(bytes))
    const record = unmarshalIPNSRecord(unhex(bytes))
    return { value: record.value, sequence: record.sequence.toString(), validity: record.validity, ttl: record.ttl?.toString() }
  },
  selectIpns: ({ name, records }) => ipnsSelector(multihashToIPNSRoutingKey(peerIdFromString(name).toMultihash()), records.map(unhex))
}

function describeCid (cid) {
  const texts = cid.version === 0 ? { base58btc: cid.toString() } : Object.fromEntries(['base32', 'base36', 'base58btc', 'base64url'].map(base => [base, cid.toString(bases[base])]))
  return { version: cid.version, codec: cid.code, multihash: hex(cid.multihash.bytes), bytes: hex(cid.bytes), texts }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { op, ...question } = JSON.parse(line)
  try {
    process.stdout.write(JSON.stringify({ ok: true, answer: await operations[op](question) }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ ok: false, error: `${error.name}: ${error.message}` }) + '\n')
  }
}
