using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Libp2p.Multiformats;

/// <summary>
/// A self-describing network address (github.com/multiformats/multiaddr), such as <c>/ip4/127.0.0.1/tcp/4001</c>: one component or more, each a protocol and
/// perhaps a value. Immutable, safe from any thread; equality and order are those of the binary form.
/// </summary>
/// <remarks>
/// Text is read as go-multiaddr reads it and written canonically. Values that are free text (host names, zones, paths) may hold any bytes; those that
/// are no UTF-8 show as U+FFFD in <see cref="ToString()"/> and do not come back from it.
/// </remarks>
[JsonConverter(typeof(MultiaddrJsonConverter))]
[TypeConverter(typeof(MultiaddrTypeConverter))]
public sealed partial class Multiaddr : IEquatable<Multiaddr>, IComparable<Multiaddr>, ISpanParsable<Multiaddr>, ISpanFormattable
{
    /// <summary>Most components of an address.</summary>
    public const int MaxComponents = 64;

    /// <summary>Most bytes of an address: 16 KiB.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Most characters that are read as an address: 64 Ki.</summary>
    public const int MaxTextLength = 4 * MaxLength;

    private SmallBytes _bytes;
    private string? _text;

    // The bytes are valid; they are copied.
    private Multiaddr(ReadOnlySpan<byte> bytes) => _bytes = new SmallBytes(bytes);

    /// <summary>The binary form, for those who keep it. A short address makes an array of it when it is first asked for.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Memory;

    /// <summary>The binary form.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>The components, in order.</summary>
    public MultiaddrComponents Components => new(this);

    /// <summary>Whether a component has that protocol.</summary>
    public bool Has(MultiaddrProtocol protocol) => TryGet(protocol, out _);

    /// <summary>The first component with that protocol.</summary>
    public bool TryGet(MultiaddrProtocol protocol, out MultiaddrComponent component)
    {
        foreach (var candidate in Components)
        {
            if (candidate.Protocol == protocol)
            {
                component = candidate;
                return true;
            }
        }

        component = default;
        return false;
    }

    /// <summary>The canonical text.</summary>
    public override string ToString()
    {
        if (_text is not null)
        {
            return _text;
        }

        var output = new ValueBuffer<char>(stackalloc char[256]);
        try
        {
            foreach (var component in Components)
            {
                component.Format(ref output);
            }

            return _text = output.Written.ToString();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] Multiaddr? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Multiaddr);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Orders by the binary form, bytewise.</summary>
    public int CompareTo(Multiaddr? other) => other is null ? 1 : Span.SequenceCompareTo(other.Span);

    /// <summary>Whether both have the same bytes.</summary>
    public static bool operator ==(Multiaddr? left, Multiaddr? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(Multiaddr? left, Multiaddr? right) => !(left == right);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = ToString();
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }
}
