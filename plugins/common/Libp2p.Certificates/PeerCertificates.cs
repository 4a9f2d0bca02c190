using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Libp2p.Certificates;

/// <summary>
/// The certificates verified last, by their SHA-256. A peer keeps its certificate for as long as its process runs, so that one that connects again sends the same bytes, and whether they hold is
/// known; the time is checked again. The least recently used gives way. Thread-safe.
/// </summary>
/// <param name="capacity">How many are remembered; 0: none.</param>
public sealed class PeerCertificates(int capacity)
{
    private readonly Dictionary<Digest, LinkedListNode<Entry>> _entries = []; // guard: itself
    private readonly LinkedList<Entry> _byUse = []; // the latest first

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_entries)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Who a certificate in DER proves its owner to be.</summary>
    /// <exception cref="PeerCertificateException">It proves nothing, or not now.</exception>
    public PublicKey Verify(ReadOnlyMemory<byte> der, DateTimeOffset now)
    {
        var digest = Digest.Of(der.Span);
        var certificate = Find(digest);
        if (certificate is null)
        {
            certificate = PeerCertificate.Verify(der);
            Add(digest, certificate);
        }

        certificate.CheckTime(now);
        return certificate.Identity;
    }

    private PeerCertificate? Find(in Digest digest)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(digest, out var node)) return null;
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            return node.Value.Certificate;
        }
    }

    private void Add(in Digest digest, PeerCertificate certificate)
    {
        if (capacity == 0) return;
        lock (_entries)
        {
            // Another connection of the same peer may have come first.
            if (_entries.ContainsKey(digest)) return;
            if (_entries.Count >= capacity)
            {
                _entries.Remove(_byUse.Last!.Value.Digest);
                _byUse.RemoveLast();
            }

            _entries.Add(digest, _byUse.AddFirst(new Entry(digest, certificate)));
        }
    }

    private readonly record struct Digest(UInt128 First, UInt128 Second)
    {
        public static Digest Of(ReadOnlySpan<byte> bytes)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, hash);
            return new Digest(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[(SHA256.HashSizeInBytes / 2)..]));
        }
    }

    private sealed record Entry(Digest Digest, PeerCertificate Certificate);
}
