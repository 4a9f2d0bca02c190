using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Multiformats;

/// <summary>
/// A protocol of the multiaddr registry (<c>tcp</c>, <c>ip4</c>, ...). One byte wide; its well-known values, such as <see cref="Tcp"/>, come from the registry.
/// The default value is no protocol: <see cref="IsNone"/>.
/// </summary>
public readonly partial struct MultiaddrProtocol : IEquatable<MultiaddrProtocol>
{
    private readonly byte _index;

    private MultiaddrProtocol(byte index) => _index = index;

    /// <summary>Every protocol, ascending by code.</summary>
    public static IEnumerable<MultiaddrProtocol> All
    {
        get
        {
            for (var index = 1; index < TableNames.Length; index++)
            {
                yield return new MultiaddrProtocol((byte)index);
            }
        }
    }

    /// <summary>Whether this is the default value, which stands for no protocol.</summary>
    public bool IsNone => _index == 0;

    /// <summary>The code, which is also its multicodec; 0 for none.</summary>
    public int Code => TableCodes[_index];

    /// <summary>The name that text forms are written with, without a slash; empty for none.</summary>
    public string Name => TableNames[_index];

    /// <summary>Bits of the value: a multiple of 8, 0 when it has none, -1 when it is length-prefixed.</summary>
    /// <remarks>The registry calls <c>memory</c> length-prefixed; every implementation writes 64 bits, and so does this one.</remarks>
    public int Size => this == Memory ? 64 : TableSizes[_index];

    /// <summary>Whether a value follows the protocol's name.</summary>
    public bool HasValue => Size != 0;

    /// <summary>Whether the value takes all the rest of the text, slashes included, and so ends the address (<c>unix</c>).</summary>
    public bool IsPath => this == Unix;

    /// <summary>The protocol with that code.</summary>
    public static bool TryGet(ulong code, out MultiaddrProtocol protocol)
    {
        protocol = new MultiaddrProtocol(IndexOf(code));
        return !protocol.IsNone;
    }

    /// <summary>The protocol with that name, case-sensitive. <c>ipfs</c> is an old name of <see cref="P2p"/>.</summary>
    public static bool TryGet(ReadOnlySpan<char> name, out MultiaddrProtocol protocol)
    {
        protocol = new MultiaddrProtocol(IndexOf(name));
        return !protocol.IsNone;
    }

    /// <inheritdoc/>
    public bool Equals(MultiaddrProtocol other) => _index == other._index;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is MultiaddrProtocol other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _index;

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether both are the same protocol.</summary>
    public static bool operator ==(MultiaddrProtocol left, MultiaddrProtocol right) => left.Equals(right);

    /// <summary>Whether they are different protocols.</summary>
    public static bool operator !=(MultiaddrProtocol left, MultiaddrProtocol right) => !left.Equals(right);
}
