using System.Collections.Immutable;

namespace Libp2p.Wire;

/// <summary>The types of the protobuf language.</summary>
public enum WireFieldKind
{
#pragma warning disable CS1591 // the names are the language's own
    Double,
    Float,
    Int32,
    Int64,
    UInt32,
    UInt64,
    SInt32,
    SInt64,
    Fixed32,
    Fixed64,
    SFixed32,
    SFixed64,
    Bool,
    String,
    Bytes,
    Enum,
    Message,
#pragma warning restore CS1591
}

/// <summary>How often a field occurs, and what its absence means.</summary>
public enum WirePresence
{
    /// <summary>At most once; absent and zero are the same (proto3).</summary>
    Implicit,

    /// <summary>At most once; absence is visible.</summary>
    Explicit,

    /// <summary>Once; a message without it is refused (proto2).</summary>
    Required,

    /// <summary>Any number of times.</summary>
    Repeated,
}

/// <summary>One field of a schema.</summary>
/// <param name="Number">1 to 2^29 - 1.</param>
/// <param name="Name">As the schema spells it.</param>
/// <param name="JsonName">As protobuf JSON spells it.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Presence">How often it occurs.</param>
public sealed record WireFieldDescriptor(int Number, string Name, string JsonName, WireFieldKind Kind, WirePresence Presence)
{
    /// <summary>Whether a repeated scalar is written packed. Both forms are read.</summary>
    public bool Packed { get; init; }

    /// <summary>The oneof that the field belongs to.</summary>
    public string? Oneof { get; init; }

    /// <summary>Bytes of one value, for strings, bytes and messages; int.MaxValue when only the message's size limits it.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>Elements of a repeated field.</summary>
    public int MaxCount { get; init; } = WireLimits.Count;

    /// <summary>The schema of a message field; a function, since messages may contain each other.</summary>
    public Func<WireMessageDescriptor>? Message { get; init; }

    /// <summary>The values of an enumeration field.</summary>
    public ImmutableArray<WireEnumValue> EnumValues { get; init; } = [];
}

/// <summary>A named value of an enumeration.</summary>
/// <param name="Name">As the schema spells it.</param>
/// <param name="Number">Its number.</param>
public readonly record struct WireEnumValue(string Name, int Number);
