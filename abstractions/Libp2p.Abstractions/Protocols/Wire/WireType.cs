namespace Libp2p.Wire;

/// <summary>How a field's value is laid out: the low three bits of its tag.</summary>
public enum WireType
{
    /// <summary>A base-128 varint of 1 to 10 bytes.</summary>
    Varint = 0,

    /// <summary>Eight bytes, little-endian.</summary>
    Fixed64 = 1,

    /// <summary>A varint length and that many bytes: strings, bytes, submessages, packed scalars.</summary>
    Length = 2,

    /// <summary>Start of a group, which this framework only skips.</summary>
    StartGroup = 3,

    /// <summary>End of a group.</summary>
    EndGroup = 4,

    /// <summary>Four bytes, little-endian.</summary>
    Fixed32 = 5,
}
