namespace Libp2p.Wire;

/// <summary>A property that is a field of a <see cref="WireMessageAttribute">message</see>.</summary>
/// <param name="number">The field's number, 1 to 2^29 - 1 without 19000 to 19999.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WireFieldAttribute(int number) : Attribute
{
    /// <summary>The field's number.</summary>
    public int Number { get; } = number;

    /// <summary>Most bytes of one value, for strings, bytes and messages. Default: what the message's size allows.</summary>
    public int MaxLength { get; set; } = int.MaxValue;

    /// <summary>Most elements of a repeated field. Default: <see cref="WireLimits.Count"/>.</summary>
    public int MaxCount { get; set; } = WireLimits.Count;

    /// <summary>How an integer is laid out. Default: <see cref="WireEncoding.Varint"/>.</summary>
    public WireEncoding Encoding { get; set; }

    /// <summary>Whether repeated scalars are written packed, as proto3 does. Default: true. Both forms are read.</summary>
    public bool Packed { get; set; } = true;

    /// <summary>The name of the oneof that the field belongs to: setting one of its fields by decoding clears the others.</summary>
    public string? Oneof { get; set; }
}

/// <summary>How an integer is laid out.</summary>
public enum WireEncoding
{
    /// <summary>One to ten bytes: <c>int32</c>, <c>uint64</c> and their like.</summary>
    Varint = 0,

    /// <summary>Small negative numbers stay short: <c>sint32</c>, <c>sint64</c>.</summary>
    ZigZag = 1,

    /// <summary>Always four or eight bytes: <c>fixed32</c>, <c>sfixed64</c> and their like.</summary>
    Fixed = 2,
}
