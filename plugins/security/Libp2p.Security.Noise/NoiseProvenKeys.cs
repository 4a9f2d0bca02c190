using System.Runtime.InteropServices;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// The identities proven last, by their static Noise keys. A peer keeps its static key for as long as its process runs, so that one that connects again says the same bytes again, and whether they
/// hold is known: reading its key and checking the signature cost a fifth of what a handshake takes of both sides. The least recently used gives way. Thread-safe.
/// </summary>
internal sealed class NoiseProvenKeys(int capacity)
{
    private readonly Dictionary<StaticKey, LinkedListNode<Proof>> _proofs = []; // guard: itself
    private readonly LinkedList<Proof> _byUse = []; // the latest first

    public int Count
    {
        get
        {
            lock (_proofs)
            {
                return _proofs.Count;
            }
        }
    }

    /// <summary>The identity whose key and signature over that static key are these very bytes and were found to hold; null: to be checked.</summary>
    public PublicKey? Find(ReadOnlySpan<byte> staticKey, ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signature)
    {
        lock (_proofs)
        {
            if (!_proofs.TryGetValue(new StaticKey(staticKey), out var node)
                || !node.Value.Identity.Protobuf.Span.SequenceEqual(identity)
                || !node.Value.Signature.AsSpan().SequenceEqual(signature))
            {
                return null;
            }

            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            return node.Value.Identity;
        }
    }

    /// <summary>Remembers what was found to hold. A key that is not encoded as it would be written is not found again.</summary>
    public void Add(ReadOnlySpan<byte> staticKey, PublicKey identity, ReadOnlySpan<byte> signature)
    {
        if (capacity == 0)
        {
            return;
        }

        var proof = new Proof(new StaticKey(staticKey), identity, signature.ToArray());
        lock (_proofs)
        {
            if (_proofs.Remove(proof.Key, out var old))
            {
                _byUse.Remove(old);
            }
            else if (_proofs.Count >= capacity)
            {
                _proofs.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }

            _proofs.Add(proof.Key, _byUse.AddFirst(proof));
        }
    }

    /// <summary>32 bytes; hashed with the process's own secret, so that nobody can choose keys that collide.</summary>
    private readonly record struct StaticKey(UInt128 First, UInt128 Second)
    {
        public StaticKey(ReadOnlySpan<byte> key)
            : this(MemoryMarshal.Read<UInt128>(key), MemoryMarshal.Read<UInt128>(key[(X25519PrivateKey.Size / 2)..]))
        {
        }
    }

    private sealed record Proof(StaticKey Key, PublicKey Identity, byte[] Signature);
}
