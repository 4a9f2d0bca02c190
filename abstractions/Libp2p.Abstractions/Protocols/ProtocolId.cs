using System.ComponentModel;
using System.Text;

namespace Libp2p;

/// <summary>A protocol id, as <c>/ipfs/ping/1.0.0</c>, with its multistream-select line encoded once. Compared by text, ordinally.</summary>
public sealed class ProtocolId : IEquatable<ProtocolId>
{
    /// <summary>The longest id, in UTF-8 bytes without the newline.</summary>
    public const int MaxLength = 1023;

    private readonly byte[] _line;

    /// <summary>Makes the id of a text.</summary>
    /// <exception cref="ArgumentException">Empty, too long, without a leading slash, or with a newline.</exception>
    public ProtocolId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        var length = Encoding.UTF8.GetByteCount(value);
        if (value[0] != '/' || value.Contains('\n') || length > MaxLength)
        {
            throw new ArgumentException($"'{value}' is not a protocol id: it starts with '/', has no newline and at most {MaxLength} bytes.", nameof(value));
        }

        Value = value;
        var framed = length + 1;
        var prefix = framed < 128 ? 1 : 2;
        _line = new byte[prefix + framed];
        if (prefix == 1)
        {
            _line[0] = (byte)framed;
        }
        else
        {
            _line[0] = (byte)(framed | 0x80);
            _line[1] = (byte)(framed >> 7);
        }

        Encoding.UTF8.GetBytes(value, _line.AsSpan(prefix));
        _line[^1] = (byte)'\n';
    }

    private ProtocolId(string value, byte[] line)
    {
        Value = value;
        _line = line;
    }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>The id as multistream-select sends it: varint length, text, newline.</summary>
    public ReadOnlyMemory<byte> MultistreamLine => _line;

    /// <summary>For generated code: an id whose multistream-select line was encoded, and checked, at compile time.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static ProtocolId FromLine(string value, ReadOnlySpan<byte> line) => new(value, line.ToArray());

    /// <summary>The id of a text.</summary>
    public static implicit operator ProtocolId(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(ProtocolId? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ProtocolId);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Whether both are the same protocol.</summary>
    public static bool operator ==(ProtocolId? left, ProtocolId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ProtocolId? left, ProtocolId? right) => !(left == right);
}
