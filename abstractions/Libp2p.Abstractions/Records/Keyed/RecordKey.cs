using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Libp2p;

/// <summary>
/// What a record stands under: <c>/namespace/rest</c>, of which the rest is bytes, often no text: <c>/pk/</c> and <c>/ipns/</c> are followed by a peer's multihash. A key of another form has no namespace,
/// so that nothing validates what is under it. Immutable; compared and ordered by its bytes.
/// </summary>
public sealed class RecordKey : IEquatable<RecordKey>, IComparable<RecordKey>
{
    /// <summary>Most bytes of a key.</summary>
    public const int MaxLength = 512;

    /// <summary>The namespace of public keys.</summary>
    public const string PublicKeys = "pk";

    /// <summary>The namespace of names.</summary>
    public const string Ipns = "ipns";

    private readonly byte[] _bytes;

    private RecordKey(byte[] bytes, int namespaceLength)
    {
        _bytes = bytes;
        Namespace = namespaceLength == 0 ? "" : Encoding.ASCII.GetString(bytes.AsSpan(1, namespaceLength));
    }

    /// <summary>What is between the first two slashes, in printable ASCII; empty where the key has another form.</summary>
    public string Namespace { get; }

    /// <summary>What follows the second slash; the whole key where there is no namespace. Never empty.</summary>
    public ReadOnlySpan<byte> Rest => Namespace.Length == 0 ? _bytes : _bytes.AsSpan(Namespace.Length + 2);

    /// <summary>The whole key.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The whole key, for those who keep it.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>The key of a namespace.</summary>
    /// <exception cref="ArgumentException">The namespace is empty, has a slash or what is not printable ASCII, the rest is empty, or both are too long.</exception>
    public static RecordKey Create(string @namespace, ReadOnlySpan<byte> rest)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        return TryParse([(byte)'/', .. Encoding.UTF8.GetBytes(@namespace), (byte)'/', .. rest], out var key) && key.Namespace == @namespace
            ? key
            : throw new ArgumentException($"'{@namespace}' with {rest.Length} bytes is no key of a record.", nameof(@namespace));
    }

    /// <summary>Where the public key of a peer stands: <c>/pk/</c> and its multihash.</summary>
    public static RecordKey OfPublicKey(PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return Create(PublicKeys, peer.Bytes);
    }

    /// <summary>Where the record of a name stands: <c>/ipns/</c> and its multihash.</summary>
    public static RecordKey OfName(PeerId name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Create(Ipns, name.Bytes);
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="RecordException">Empty or too long.</exception>
    public static RecordKey Parse(ReadOnlySpan<byte> bytes) => TryParse(bytes, out var key) ? key : throw new RecordException($"The key of a record has 1 to {MaxLength} bytes, not {bytes.Length}.");

    /// <summary>Reads a key; false where <see cref="Parse"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RecordKey? key)
    {
        key = bytes.Length is > 0 and <= MaxLength ? new(bytes.ToArray(), NamespaceLength(bytes)) : null;
        return key is not null;
    }

    /// <summary>Whether the rest names a peer, as in <c>/pk/</c> and <c>/ipns/</c>.</summary>
    public bool TryGetPeer([NotNullWhen(true)] out PeerId? peer) => PeerId.TryFromBytes(Rest, out peer);

    /// <summary>The key as text: the rest as a peer id where it is one, as it is where it is printable ASCII, else in hexadecimal.</summary>
    public override string ToString()
    {
        var rest = TryGetPeer(out var peer) ? peer.ToString()
            : Rest.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexStringLower(Rest)
            : Encoding.ASCII.GetString(Rest);
        return Namespace.Length == 0 ? rest : $"/{Namespace}/{rest}";
    }

    /// <inheritdoc/>
    public bool Equals(RecordKey? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RecordKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(RecordKey? other) => other is null ? 1 : Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Whether both are the same key.</summary>
    public static bool operator ==(RecordKey? left, RecordKey? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(RecordKey? left, RecordKey? right) => !(left == right);

    private static int NamespaceLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != (byte)'/') return 0;
        var length = bytes[1..].IndexOf((byte)'/');
        return length < 1 || length + 2 >= bytes.Length || bytes.Slice(1, length).ContainsAnyExceptInRange((byte)'!', (byte)'~') ? 0 : length;
    }
}
