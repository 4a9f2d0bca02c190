using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Libp2p.Wire;

namespace Libp2p;

/// <summary>
/// A value under a key, as peers keep it for each other (libp2p/specs kad-dht, message <c>Record</c>). Whether the value may stand there is the matter of an <see cref="IRecordValidator"/>. Immutable;
/// the value is shared, not copied; compared by value.
/// </summary>
/// <param name="Key">What it stands under.</param>
/// <param name="Value">The value.</param>
public sealed record DhtRecord(RecordKey Key, ReadOnlyMemory<byte> Value)
{
    /// <summary>Most bytes of the protobuf form: 256 KiB.</summary>
    public const int MaxLength = 256 * 1024;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'";

    /// <summary>When this node received it; null: it is on its way, or the sender did not say. What a remote says here is nothing to rely on.</summary>
    public DateTimeOffset? TimeReceived { get; init; }

    /// <summary>The protobuf form.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxLength"/> bytes.</exception>
    public byte[] ToProtobuf()
    {
        var message = new Wire.Schemas.Record
        {
            Key = Key.Memory,
            Value = Value,
            TimeReceived = TimeReceived?.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture) ?? "",
        };
        return message.GetSize() <= MaxLength ? message.ToArray() : throw new ArgumentException($"The record has {message.GetSize()} bytes, more than {MaxLength}.");
    }

    /// <summary>Reads the protobuf form; the value is copied.</summary>
    /// <exception cref="RecordException">Malformed, too long, without a key, or with a time that is none.</exception>
    public static DhtRecord FromProtobuf(ReadOnlySpan<byte> bytes) => TryFromProtobuf(bytes, out var record, out var error) ? record : throw new RecordException(error);

    /// <summary>Reads the protobuf form; false with the reason where <see cref="FromProtobuf"/> throws.</summary>
    public static bool TryFromProtobuf(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DhtRecord? record, [NotNullWhen(false)] out string? error)
    {
        record = null;
        if (!Wire.Schemas.Record.View.TryParse(bytes, out var view, out var wireError))
        {
            error = $"Not a record: {new WireFormatException(wireError, "record").Message}.";
            return false;
        }

        if (!RecordKey.TryParse(view.Key, out var key))
        {
            error = $"The key of the record does not have 1 to {RecordKey.MaxLength} bytes.";
            return false;
        }

        IpnsTime time = default;
        if (!view.TimeReceived.IsEmpty && !IpnsTime.TryParse(view.TimeReceived, out time))
        {
            error = "The time at which the record was received is no time of RFC 3339.";
            return false;
        }

        record = new(key, view.Value.ToArray()) { TimeReceived = view.TimeReceived.IsEmpty ? null : time.Time };
        error = null;
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(DhtRecord? other) =>
        other is not null && Key == other.Key && TimeReceived == other.TimeReceived && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, TimeReceived, Value.Length);
}
