using Libp2p.Cbor;

namespace Libp2p;

/// <summary>What is signed of an IPNS record: a map in DAG-CBOR. A view into the bytes that it was read from.</summary>
internal readonly ref struct IpnsData
{
    /// <summary>The one validity type there is: valid until a point in time.</summary>
    public const ulong EndOfLife = 0;

    public const int NanosecondsPerTick = 100;

    public IpnsData(ReadOnlySpan<byte> value, IpnsTime validity, ulong sequence, ulong nanoseconds)
        : this(value, validity.ToBytes(), validity, sequence, nanoseconds)
    {
    }

    private IpnsData(ReadOnlySpan<byte> value, ReadOnlySpan<byte> validityBytes, IpnsTime validity, ulong sequence, ulong nanoseconds)
    {
        Value = value;
        ValidityBytes = validityBytes;
        Validity = validity;
        Sequence = sequence;
        Nanoseconds = nanoseconds;
    }

    public ReadOnlySpan<byte> Value { get; }

    public ReadOnlySpan<byte> ValidityBytes { get; }

    public IpnsTime Validity { get; }

    public ulong Sequence { get; }

    /// <summary>The time to live.</summary>
    public ulong Nanoseconds { get; }

    public TimeSpan TimeToLive => TimeSpan.FromTicks((long)(Nanoseconds / NanosecondsPerTick));

    /// <summary>Reads the map; null, or what is wrong with it. Entries with other keys are passed over, as the specification asks.</summary>
    public static string? Read(ReadOnlySpan<byte> cbor, out IpnsData data)
    {
        data = default;
        var reader = new CborReader(cbor);
        if (!reader.TryReadMap(out var count)) return NotData;
        ReadOnlySpan<byte> previous = default, value = default, validity = default;
        var (sequence, ttl, type, found) = (0UL, 0UL, 0UL, Fields.None);
        for (var entry = 0; entry < count; entry++)
        {
            if (!reader.TryReadText(out var key) || (entry > 0 && CborKeys.Compare(previous, key) >= 0)) return NotData;
            previous = key;
            var (field, read) = key switch
            {
                _ when key.SequenceEqual("Value"u8) => (Fields.Value, reader.TryReadBytes(out value)),
                _ when key.SequenceEqual("Validity"u8) => (Fields.Validity, reader.TryReadBytes(out validity)),
                _ when key.SequenceEqual("ValidityType"u8) => (Fields.ValidityType, reader.TryReadUnsigned(out type)),
                _ when key.SequenceEqual("Sequence"u8) => (Fields.Sequence, reader.TryReadUnsigned(out sequence)),
                _ when key.SequenceEqual("TTL"u8) => (Fields.TimeToLive, reader.TryReadUnsigned(out ttl)),
                _ => (Fields.None, reader.TrySkip()),
            };
            if (!read) return NotData;
            found |= field;
        }

        if (!reader.AtEnd) return NotData;
        if (found != Fields.All) return $"The IPNS record lacks {Fields.All & ~found}.";
        if (type != EndOfLife) return $"The IPNS record has the validity type {type}, which is not known.";
        if (!IpnsTime.TryParse(validity, out var time)) return "The validity of the IPNS record is no time of RFC 3339.";
        if (ttl > long.MaxValue) return "The time to live of the IPNS record is out of range.";
        data = new(value, validity, time, sequence, ttl);
        return null;
    }

    /// <summary>The map, keys in the order of DAG-CBOR.</summary>
    public byte[] ToCbor()
    {
        var writer = new CborWriter();
        writer.WriteMap(5);
        writer.WriteText("TTL"u8);
        writer.WriteUnsigned(Nanoseconds);
        writer.WriteText("Value"u8);
        writer.WriteBytes(Value);
        writer.WriteText("Sequence"u8);
        writer.WriteUnsigned(Sequence);
        writer.WriteText("Validity"u8);
        writer.WriteBytes(ValidityBytes);
        writer.WriteText("ValidityType"u8);
        writer.WriteUnsigned(EndOfLife);
        return writer.ToArray();
    }

    private const string NotData = "What the IPNS record signs is no map in DAG-CBOR.";

    [Flags]
    private enum Fields
    {
        None = 0,
        Value = 1,
        Validity = 2,
        ValidityType = 4,
        Sequence = 8,
        TimeToLive = 16,
        All = 31,
    }
}
